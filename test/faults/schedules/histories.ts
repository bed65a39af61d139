import { hold } from '../../support/locks.js';
import { numbersStored, prunedEach, rowsOfResponse, touchKeys } from '../filler.js';
import type { Scene, Schedule } from '../stage.js';
import { revokeInSql } from './steps.js';

/** Revokes the key in one transaction with changes of so many others, before them or after them. */
function revokeAmong(scene: Scene, others: number, isFirst: boolean): Promise<unknown> {
  const { key, cluster } = scene;
  return scene.byHand('sql.revoke', key, async () => {
    const [first, second] = isFirst
      ? ([[revokeInSql, [key.id]], [touchKeys(others)]] as const)
      : ([[touchKeys(others)], [revokeInSql, [key.id]]] as const);
    await using transaction = await hold(cluster.db, first[0], [...(first[1] ?? [])]);
    await transaction.query(second[0], [...(second[1] ?? [])]);
    await transaction.commit();
  });
}

/** More references than the history notes of one transaction. */
const crowd = 1_100;

/** Nodes that were not asked while much happened. */
export const histories: Readonly<Record<string, Schedule>> = {
  'a revoke is the first of more changes than the history notes': async (scene) => {
    const { far, key } = scene;
    await scene.read(far, key, 'valid');
    await revokeAmong(scene, crowd, true);
    await scene.read(far, key, 'invalid');
  },

  'a revoke is the last of more changes than the history notes': async (scene) => {
    const { far, key } = scene;
    await scene.read(far, key, 'valid');
    await revokeAmong(scene, crowd, false);
    await scene.read(far, key, 'invalid');
  },

  'somebody deletes the history that has a revoke': async (scene) => {
    const { near, far, key, filler, cluster } = scene;
    await scene.read(far, key, 'valid');
    await scene.revoke(near, key);
    await cluster.db.query('DELETE FROM auth_log');
    await filler.renames(1);
    await scene.read(far, key, 'invalid');
  },

  'the history that has a revoke is pruned before a node asks for it': async (scene) => {
    const { near, far, key, filler } = scene;
    await scene.read(far, key, 'valid');
    await scene.revoke(near, key);
    await filler.skip(numbersStored + prunedEach);
    await scene.read(far, key, 'invalid');
  },

  'of all that a node missed, the response lacks one row, which has a revoke': async (scene) => {
    const { near, far, key, filler } = scene;
    await scene.read(far, key, 'valid');
    await filler.largeChanges(rowsOfResponse - 1);
    await scene.revoke(near, key);
    await scene.read(far, key, 'invalid');
  },

  'of all that a node missed, the response lacks most of the last transaction': async (scene) => {
    const { far, key, filler } = scene;
    await scene.read(far, key, 'valid');
    await filler.largeChanges(rowsOfResponse - 1);
    await revokeAmong(scene, 100, true);
    await scene.read(far, key, 'invalid');
  },
};
