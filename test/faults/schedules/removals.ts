import { newUserId } from '../../../src/common/ids.js';
import { batchLock } from '../../../src/members/revocation-task.store.js';
import { hold } from '../../support/locks.js';
import { manyKeys } from '../crowds.js';
import type { Scene, Schedule } from '../stage.js';
import { switches, subjectOf, type Key } from '../world.js';

/** More keys than the removal of a member revokes itself. */
const many = 60;

const addUser = `INSERT INTO users (id, kind, name) VALUES ($1, 'service', 'A leaver')`;
const addMember = `INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, 'manager')`;
const removeMember = 'DELETE FROM memberships WHERE org_id = $1 AND user_id = $2';
const revokeAll = `
  UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND owner_id = $2 AND revoked_at IS NULL`;
const forget = 'DELETE FROM ended_memberships WHERE org_id = $1 AND user_id = $2';

/** One of many keys that SQL gives a new member of the key's organisation. */
async function keyOfLeaver(scene: Scene): Promise<Key> {
  const { cluster, history, key } = scene;
  const member = { orgId: key.orgId, ownerId: newUserId() };
  const { keys, query } = manyKeys(cluster, member, many);
  const [first] = keys as [Key];
  const insert = async () => {
    await using transaction = await hold(cluster.db, addUser, [member.ownerId]);
    await transaction.query(addMember, [member.orgId, member.ownerId]);
    await transaction.query(query.text, query.values);
    await transaction.commit();
  };
  await scene.byHand('sql.insert', first, insert, []);
  history.push(subjectOf(first));
  return first;
}

/** Removes a member with many keys in this way, and adds them again before the keys are revoked. */
async function addAgain(
  scene: Scene,
  remove: (key: Key, path: string) => Promise<unknown>,
): Promise<void> {
  const { near, far, cluster } = scene;
  const key = await keyOfLeaver(scene);
  const { orgId, ownerId } = key;
  const path = `/v1/orgs/${orgId}/members/${ownerId}`;
  const put = { method: 'PUT', path, body: { role: 'manager', grants: null } } as const;
  await scene.read(far, key, 'valid');
  // The process that has it revokes the keys.
  await using job = await hold(cluster.db, 'SELECT pg_advisory_xact_lock($1)', [batchLock]);
  await remove(key, path);
  await scene.read(far, key, 'invalid');
  await scene.change(near, 'member.add', key, put, [], 'refused');
  await scene.read(far, key, 'invalid');
  await scene.byHand('sql.revoke-many', key, async () => {
    await job.query(revokeAll, [orgId, ownerId]);
    await job.query(forget, [orgId, ownerId]);
    await job.commit();
  });
  await scene.change(near, 'member.add', key, put, []);
  await scene.read(far, key, 'invalid');
}

/** Members whose keys outlive their membership as rows. */
export const removals: Readonly<Record<string, Schedule>> = {
  'a member is added again before all keys that they had are revoked': (scene) =>
    addAgain(scene, (key, path) => {
      const off = [switches.key(key.id)];
      return scene.change(scene.near, 'member.remove', key, { method: 'DELETE', path }, off);
    }),

  'a member whom SQL had removed is added again before any key is revoked': (scene) =>
    addAgain(scene, (key) =>
      scene.byHand('sql.remove', key, () =>
        scene.cluster.db.query(removeMember, [key.orgId, key.ownerId]),
      ),
    ),
};
