import { setTimeout as delay } from 'node:timers/promises';
import type { Failpoint } from '../support/failpoint.js';
import { hold, untilWaiting } from '../support/locks.js';
import { pathOf, type Scene, type Schedule } from './stage.js';

/** How the names of the statements begin that the fence asks with. */
const fenceQuery = 'read-fence';
/** How the last message of a transaction ends. */
const finalCommit = '; COMMIT';
/** Milliseconds after which something that has not come will not come. */
const patience = 400;

/** Waits for it, unless it is held up. */
const unlessHeld = (work: Promise<unknown>) => Promise.race([work, delay(patience)]);

/** Waits until the work is held up there. A mutant's may be done without coming that way. */
const reach = (point: Failpoint, work: Promise<unknown>) => Promise.race([point.reached, work]);

async function databaseTime({ cluster }: Scene): Promise<number> {
  const { rows } = await cluster.db.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0]?.now.getTime() ?? 0;
}

const revokeInSql = 'UPDATE api_keys SET revoked_at = now() WHERE id = $1';

/** Races that random histories rarely meet, each in the order in which it is dangerous. */
export const schedules: Readonly<Record<string, Schedule>> = {
  'a key that one node knows is revoked at another': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'good');
    await scene.revoke(near, key);
    await scene.read(far, key, 'bad');
  },

  'a record is on its way while its key is revoked': async (scene) => {
    const { near, far, key } = scene;
    const answer = far.proxy.holdAnswer(fenceQuery);
    const early = scene.read(far, key);
    await reach(answer, early);
    await scene.revoke(near, key);
    answer.release();
    await early;
    await scene.read(far, key, 'bad');
  },

  'a record that was held up arrives behind the news of its revoke': async (scene) => {
    const { near, far, key, other } = scene;
    const answer = far.proxy.holdAnswer(fenceQuery);
    const early = scene.read(far, key);
    await reach(answer, early);
    await scene.revoke(near, key);
    await scene.read(far, other, 'good');
    answer.release();
    await early;
    await scene.read(far, key, 'bad');
  },

  'a request arrives while a query from before the revoke is under way': async (scene) => {
    const { near, far, key, other } = scene;
    await scene.read(far, key, 'good');
    const answer = far.proxy.holdAnswer(fenceQuery);
    const early = scene.read(far, other, 'good');
    await reach(answer, early);
    await scene.revoke(near, key);
    const late = scene.read(far, key, 'bad');
    await unlessHeld(late);
    answer.release();
    await Promise.all([early, late]);
  },

  'the answer that a request waits for tells of the revoke': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'good');
    const query = far.proxy.holdRequest(fenceQuery);
    const reading = scene.read(far, key, 'bad');
    await reach(query, reading);
    await scene.revoke(near, key);
    query.release();
    await reading;
  },

  'a key is revoked in SQL': async (scene) => {
    const { far, key, cluster } = scene;
    await scene.read(far, key, 'good');
    await scene.byHand('sql.revoke', key, () => cluster.db.query(revokeInSql, [key.id]));
    await scene.read(far, key, 'bad');
  },

  'a revoke takes its number first, and is stored last': async (scene) => {
    const { near, far, key, other, cluster } = scene;
    await scene.read(far, key, 'good');
    let later: Promise<unknown> = Promise.resolve();
    await scene.byHand('sql.revoke', key, async () => {
      await using transaction = await hold(cluster.db, revokeInSql, [key.id]);
      await transaction.query('SET CONSTRAINTS ALL IMMEDIATE');
      later = scene.revoke(near, other);
      await unlessHeld(later);
      await scene.read(far, key);
      await transaction.commit();
    });
    await later;
    await scene.read(far, key, 'bad');
  },

  'a key expires, and the clock of the node is an hour behind': async (scene) => {
    const { near, far, key } = scene;
    const at = (await databaseTime(scene)) + 1_000;
    const body = { expiresAt: new Date(at).toISOString() };
    const request = { method: 'PATCH', path: pathOf(key), body } as const;
    await scene.change(near, 'key.expire', key, request, []);
    // A busy machine may be too slow to find it good still.
    await scene.byHand('expiry', key, async () => {
      await scene.read(far, key);
      while ((await databaseTime(scene)) <= at) await delay(20);
    });
    await scene.read(far, key, 'bad');
  },

  'the COMMIT of a revoke does not arrive': async (scene) => {
    const { near, far, key } = scene;
    const commit = far.proxy.holdRequest(finalCommit);
    const revoke = scene.revoke(far, key, 'unknown');
    await reach(commit, revoke);
    far.proxy.cut();
    await revoke;
    await scene.read(near, key, 'good');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.revoke(far, key);
    await scene.read(near, key, 'bad');
  },

  'the answer to the COMMIT of a revoke is lost': async (scene) => {
    const { near, far, key } = scene;
    const commit = far.proxy.holdAnswer(finalCommit);
    const revoke = scene.revoke(far, key, 'unknown');
    await reach(commit, revoke);
    far.proxy.cut();
    await revoke;
    await scene.read(near, key, 'bad');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.read(far, key, 'bad');
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
    await scene.read(near, key, 'good');
    await scene.revoke(near, key);
    await scene.read(far, key, 'bad');
  },

  'a node is cut off from its database': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'good');
    far.proxy.cut();
    await scene.revoke(near, key);
    await scene.read(far, key, 'unavailable');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.read(far, key, 'bad');
  },

  'a node hears nothing from its database': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'good');
    far.proxy.silence();
    await scene.revoke(near, key);
    await scene.read(far, key, 'unavailable');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.read(far, key, 'bad');
  },
};
