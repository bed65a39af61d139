import { hold } from '../../support/locks.js';
import type { Scene, Schedule } from '../stage.js';
import { revokeInSql } from './steps.js';

/** Revokes the key in a transaction that begins with this. */
function revokeBehind(scene: Scene, sql: string): Promise<unknown> {
  const { cluster, key } = scene;
  return scene.byHand('sql.revoke', key, async () => {
    await using transaction = await hold(cluster.db, sql);
    await transaction.query(revokeInSql, [key.id]);
    await transaction.commit();
  });
}

/** Sets how new connections write times as text, and ends those that the far node has. */
async function setStyle(scene: Scene, style: string): Promise<void> {
  const { cluster, far } = scene;
  await cluster.db.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ${style}', current_database()); END $$`,
  );
  far.proxy.cut();
  await far.proxy.heal();
  await scene.recovered(far);
}

/** What people set in a session or for a database. */
export const settings: Readonly<Record<string, Schedule>> = {
  'a revoke by hand says that the history has noted enough of it': async (scene) => {
    const { far, key } = scene;
    await scene.read(far, key, 'valid');
    await revokeBehind(
      scene,
      `SELECT set_config('keyfence.noted', auth_advance() || '/1001', true)`,
    );
    await scene.read(far, key, 'invalid');
  },

  'a revoke by hand says that it only repeats one of another server': async (scene) => {
    const { far, key } = scene;
    await scene.read(far, key, 'valid');
    await revokeBehind(scene, 'SET LOCAL session_replication_role = replica');
    await scene.read(far, key, 'invalid');
  },

  'a database writes times in another style than the driver reads': async (scene) => {
    const { near, far, key } = scene;
    await scene.revoke(near, key);
    await setStyle(scene, 'SET datestyle = German');
    try {
      await scene.read(far, key, 'invalid');
    } finally {
      await setStyle(scene, 'RESET datestyle');
    }
    await scene.read(far, key, 'invalid');
  },
};
