import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { expire } from '../../support/keys.js';
import { addPerson, createKey, createOrganisation } from '../../support/organisation.js';
import { headOf } from '../../support/history.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('a key that is not valid', () => {
  let service: Service;
  /** Why, and the key. */
  const keys = new Map<string, string>();

  beforeAll(async () => {
    service = await shareService();
    const org = await createOrganisation(service);
    const key = async (owner = org.member) => createKey(owner, org);

    keys.set('malformed', 'nonsense');
    keys.set('of the right form, but with a wrong checksum', `kf_${'0'.repeat(42)}`);
    const unknown = await key();
    await service.db.query('DELETE FROM key_secrets WHERE key_id = $1', [unknown.id]);
    keys.set('unknown', unknown.secret);

    const revoked = await key();
    await org.member.delete(org.path(`/keys/${revoked.id}`));
    keys.set('revoked', revoked.secret);
    const expired = await key();
    await expire(service, expired.id);
    keys.set('expired', expired.secret);

    const deactivated = await addPerson(service, org.id, 'member');
    await service.operator.post(`/v1/users/${deactivated.userId}/deactivate`);
    keys.set('of a deactivated owner', deactivated.key);
    const removed = await addPerson(service, org.id, 'member');
    await org.manager.delete(org.path(`/members/${removed.userId}`));
    keys.set('of a removed owner', removed.key);
    const cutOff = await addPerson(service, org.id, 'member');
    await service.db.query('DELETE FROM memberships WHERE user_id = $1', [cutOff.userId]);
    keys.set('of an owner whose membership was deleted by hand', cutOff.key);

    const suspended = await createOrganisation(service);
    await service.operator.post(suspended.path('/suspend'));
    keys.set('of a suspended organisation', suspended.manager.key);
  });
  afterAll(() => service.stop());

  const namesOf = ({ headers }: ApiResponse) => [...headers.keys()].sort();

  it('gets the same response to the byte, whatever the reason, on every route', async () => {
    for (const path of ['/v1/whoami', '/v1/orgs', '/v1/forward-auth/any']) {
      const unnamed = await service.nobody.get(path);
      expect(unnamed.status).toBe(401);
      expect(unnamed.headers.get('www-authenticate')).toBe('Bearer realm="keyfence"');
      expect(unnamed.headers.get('cache-control')).toBe('no-store');
      for (const [why, key] of keys) {
        const callers = [service.as(key).get(path), service.nobody.get(path, { 'x-api-key': key })];
        for (const response of await Promise.all(callers)) {
          expect({ why, status: response.status, text: response.text }).toEqual({
            why,
            status: 401,
            text: unnamed.text,
          });
          expect(namesOf(response)).toEqual(namesOf(unnamed));
          expect(response.headers.get('www-authenticate')).toBe('Bearer realm="keyfence"');
        }
      }
    }
  });

  it('says no more than that a valid key is required', async () => {
    expect((await service.nobody.get('/v1/whoami')).body).toEqual({
      type: 'urn:keyfence:problem:unauthenticated',
      title: 'A valid API key is required.',
      status: 401,
      code: 'unauthenticated',
    });
  });

  it('is INVALID to a protected service, and nothing more, whatever the reason', async () => {
    const authSeq = await headOf(service.db);
    for (const [why, key] of keys) {
      const { body } = await service.operator.post('/v1/verify', { key });
      expect({ why, ...body }).toEqual({ why, valid: false, code: 'INVALID', authSeq });
    }
  });

  it('changes nothing', async () => {
    const before = await headOf(service.db);
    for (const key of keys.values()) {
      const body = { email: 'new@example.com', name: 'New' };
      expect((await service.as(key).post('/v1/users', body)).status).toBe(401);
    }
    expect(await headOf(service.db)).toBe(before);
    const { body } = await service.operator.get('/v1/users?email=new@example.com');
    expect(body.items).toEqual([]);
  });
});
