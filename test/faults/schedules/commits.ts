import { hold, untilWaiting } from '../../support/locks.js';
import type { Schedule } from '../stage.js';
import { reach } from './steps.js';

/** How the last message of a transaction ends. */
const finalCommit = '; COMMIT';

/** Revokes of which nobody knows at first whether they were stored. */
export const commits: Readonly<Record<string, Schedule>> = {
  'the COMMIT of a revoke does not arrive': async (scene) => {
    const { near, far, key } = scene;
    const commit = far.proxy.holdRequest(finalCommit);
    const revoke = scene.revoke(far, key, 'unknown');
    await reach(commit, revoke);
    far.proxy.cut();
    await revoke;
    await scene.read(near, key, 'valid');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.revoke(far, key);
    await scene.read(near, key, 'invalid');
  },

  'the response to the COMMIT of a revoke is lost': async (scene) => {
    const { near, far, key } = scene;
    const commit = far.proxy.holdResponse(finalCommit);
    const revoke = scene.revoke(far, key, 'unknown');
    await reach(commit, revoke);
    far.proxy.cut();
    await revoke;
    await scene.read(near, key, 'invalid');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.read(far, key, 'invalid');
  },

  'the COMMIT of a revoke is refused': async (scene) => {
    const { near, far, key, cluster } = scene;
    await using head = await hold(cluster.db, 'SELECT FROM auth_head FOR UPDATE');
    const revoke = scene.revoke(far, key, 'unknown');
    await untilWaiting(cluster.db);
    await cluster.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    await revoke;
    await head.rollback();
    await scene.read(near, key, 'valid');
    await scene.revoke(near, key);
    await scene.read(far, key, 'invalid');
  },
};
