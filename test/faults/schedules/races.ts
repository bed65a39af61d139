import { setTimeout as delay } from 'node:timers/promises';
import { hold } from '../../support/locks.js';
import { pathOf, type Schedule } from '../stage.js';
import { switches } from '../world.js';
import { fenceQuery } from '../../support/failpoint.js';
import { databaseTime, reach, revokeInSql, unlessHeld } from './steps.js';

const expireSoon = `
  UPDATE api_keys SET expires_at = clock_timestamp() + interval '100 milliseconds' WHERE id = $1`;

/** A revoke, and what is read beside it. */
export const races: Readonly<Record<string, Schedule>> = {
  'a key that one node knows is revoked at another': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'valid');
    await scene.revoke(near, key);
    await scene.read(far, key, 'invalid');
  },

  'a key that a node knows becomes data-only': async (scene) => {
    const { far, key, cluster } = scene;
    await scene.read(far, key, 'valid');
    // By hand: the service also cuts the list of the key, which is another watched column.
    const limit = 'UPDATE api_keys SET management = false WHERE id = $1';
    const work = () => cluster.db.query(limit, [key.id]);
    await scene.byHand('sql.data', key, work, [switches.management(key.id)]);
    await scene.read(far, key, 'valid');
  },

  'a record is on its way while its key is revoked': async (scene) => {
    const { near, far, key } = scene;
    const response = far.proxy.holdResponse(fenceQuery);
    const early = scene.read(far, key);
    await reach(response, early);
    await scene.revoke(near, key);
    response.release();
    await early;
    await scene.read(far, key, 'invalid');
  },

  'a record that was held up arrives behind the news of its revoke': async (scene) => {
    const { near, far, key, other } = scene;
    const response = far.proxy.holdResponse(fenceQuery);
    const early = scene.read(far, key);
    await reach(response, early);
    await scene.revoke(near, key);
    await scene.read(far, other, 'valid');
    response.release();
    await early;
    await scene.read(far, key, 'invalid');
  },

  'a request arrives while a query from before the revoke is under way': async (scene) => {
    const { near, far, key, other } = scene;
    await scene.read(far, key, 'valid');
    const response = far.proxy.holdResponse(fenceQuery);
    const early = scene.read(far, other, 'valid');
    await reach(response, early);
    await scene.revoke(near, key);
    const late = scene.read(far, key, 'invalid');
    await unlessHeld(late);
    response.release();
    await Promise.all([early, late]);
  },

  'the response that a request waits for has the revoke': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'valid');
    const query = far.proxy.holdRequest(fenceQuery);
    const reading = scene.read(far, key, 'invalid');
    await reach(query, reading);
    await scene.revoke(near, key);
    query.release();
    await reading;
  },

  'a key is revoked in SQL': async (scene) => {
    const { far, key, cluster } = scene;
    await scene.read(far, key, 'valid');
    await scene.byHand('sql.revoke', key, () => cluster.db.query(revokeInSql, [key.id]));
    await scene.read(far, key, 'invalid');
  },

  'a revoke takes its number first, and is stored last': async (scene) => {
    const { near, far, key, other, cluster } = scene;
    await scene.read(far, key, 'valid');
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
    await scene.read(far, key, 'invalid');
  },

  'a key expires, and the clock of the node is an hour behind': async (scene) => {
    const { near, far, key } = scene;
    const at = (await databaseTime(scene)) + 1_000;
    const body = { expiresAt: new Date(at).toISOString() };
    const request = { method: 'PATCH', path: pathOf(key), body } as const;
    await scene.change(near, 'key.expire', key, request, []);
    // A busy machine may be too slow to find it valid still.
    await scene.byHand('expiry', key, async () => {
      await scene.read(far, key);
      while ((await databaseTime(scene)) <= at) await delay(20);
    });
    await scene.read(far, key, 'invalid');
  },

  'a key expires while it is denied anyway, and a response from before comes last': async (
    scene,
  ) => {
    const { near, far, key, cluster } = scene;
    const org = `/v1/orgs/${key.orgId}`;
    const suspend = { method: 'POST', path: `${org}/suspend` } as const;
    // From here on it is never valid: it has expired when its organisation is active again.
    await scene.change(near, 'org.suspend', key, suspend, [switches.key(key.id)]);
    const response = far.proxy.holdResponse(fenceQuery);
    // A busy machine may be too slow for any decision.
    const early = scene.read(far, key);
    await reach(response, early);
    await scene.byHand('sql.expire', key, async () => {
      await cluster.db.query(expireSoon, [key.id]);
      await delay(110);
    });
    await scene.change(near, 'org.resume', key, { method: 'POST', path: `${org}/resume` }, []);
    await scene.read(far, key, 'invalid');
    response.release();
    await early;
  },
};
