// Builds what has changed since the last build: the service and the console, or the one part that is
// named. Run by `npm start`, the commands and the examples, so it loads no library when there is nothing
// to do.
//
// Usage: node scripts/build.js [service | guard]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const shared = ['package-lock.json', 'tsconfig.json'];
const embedded = 'packages/embedded-postgres';
const guard = 'packages/guard';
const nestExample = 'examples/nest-service';

/** What is built, from which files, by which program. */
const parts = {
  service: {
    sources: [
      'src',
      `${embedded}/src`,
      `${embedded}/tsconfig.json`,
      'tsconfig.build.json',
      ...shared,
    ],
    results: ['dist/main.js', `${embedded}/dist/index.js`],
    program: ['typescript', 'bin/tsc', '-b', embedded, 'tsconfig.build.json'],
  },
  // For the examples, of which one is compiled as well.
  guard: {
    sources: [
      ...[guard, nestExample].flatMap((each) => [`${each}/src`, `${each}/tsconfig.json`]),
      ...shared,
    ],
    results: [`${guard}/dist/index.js`, `${nestExample}/dist/main.js`],
    program: ['typescript', 'bin/tsc', '-b', guard, nestExample],
  },
  console: {
    sources: ['console', 'packages/guard/src', ...shared],
    results: ['dist/console/index.html'],
    program: ['vite', 'bin/vite.js', 'build', 'console', '--logLevel', 'warn'],
  },
};

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Differs as soon as a source is changed, added or removed. */
function stampOf(sources) {
  const hash = createHash('sha256');
  const paths = sources.map((each) => join(root, each)).filter(existsSync);
  for (const file of paths.flatMap(filesOf).sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function build(name) {
  const { sources, results, program } = parts[name];
  const stampFile = join(root, 'dist', `.${name}-stamp`);
  const stamp = stampOf(sources);
  const isBuilt = [stampFile, ...results.map((each) => join(root, each))].every(existsSync);
  if (isBuilt && readFileSync(stampFile, 'utf8') === stamp) return;
  const [library, path, ...args] = program;
  const libraryRoot = dirname(resolve(library));
  // Standard output belongs to the command that is run next.
  console.error(`Building the ${name}...`);
  const { status } = spawnSync(process.execPath, [join(libraryRoot, path), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(1);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function resolve(library) {
  try {
    return createRequire(import.meta.url).resolve(`${library}/package.json`);
  } catch {
    console.error(
      `It has to be built, and ${library} is missing: run "npm ci --include=dev" first.`,
    );
    return process.exit(1);
  }
}

const [named] = process.argv.slice(2);
for (const name of named === undefined ? ['service', 'console'] : [named]) build(name);
