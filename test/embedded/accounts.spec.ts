import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { chown, stat } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { itUnless } from '../support/unless.js';
import { postmasterPid, query, World } from './fixtures/world.js';

const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
const notRoot =
  isRoot && process.platform === 'linux'
    ? false
    : 'only root can switch users, and only Linux shows whose a process is';

/** The tests of an ordinary user need a checkout that this user can read. */
function readableByNobody(): boolean {
  const read = spawnSync(process.execPath, ['-e', ''], { ...NOBODY, cwd: '/' });
  const list = spawnSync('/bin/ls', [import.meta.dirname], { ...NOBODY, cwd: '/' });
  return read.status === 0 && list.status === 0;
}

function canMapUsers(): boolean {
  const args = ['--user', '--map-user=65534', '--map-group=65534', 'true'];
  return spawnSync('unshare', args).status === 0;
}

describe('the user that Postgres runs as', () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.end());

  itUnless(notRoot, 'is not root when the service is', async () => {
    const dataDir = await world.dataDir();
    const holder = await world.hold(dataDir);
    const { uid } = await stat(`/proc/${await postmasterPid(dataDir)}`);
    expect(uid).not.toBe(0);
    expect((await stat(join(dataDir, 'postgres', 'passwords'))).uid).toBe(0);
    expect(await holder.stop()).toBe(0);
  });

  itUnless(
    notRoot || (canMapUsers() ? false : 'no user namespaces here'),
    'can work below a directory that only root can enter',
    async () => {
      const dataDir = await world.dataDir(0o700);
      const first = await world.hold(dataDir);
      await query(first.url, 'CREATE TABLE stored AS SELECT 42 AS value');
      await first.kill();
      const second = await world.hold(dataDir);
      expect(await query(second.url, 'SELECT value FROM stored')).toBe(42);
      expect(await second.stop()).toBe(0);
    },
  );

  itUnless(
    notRoot || (readableByNobody() ? false : 'others cannot read this checkout'),
    'is the service’s own when that is an ordinary user, and stays so when root starts it once',
    async () => {
      const dataDir = await world.dataDir();
      await chown(dirname(dataDir), NOBODY.uid, NOBODY.gid);
      for (const identity of [NOBODY, {}, NOBODY]) {
        const holder = await world.hold(dataDir, identity);
        expect(await query(holder.url, 'SELECT 1')).toBe(1);
        const { uid } = await stat(`/proc/${await postmasterPid(dataDir)}`);
        expect(uid).toBe(NOBODY.uid);
        expect(await holder.stop()).toBe(0);
      }
    },
  );
});
