import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal, expire } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}/keys/{keyId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = (id: string) => org.path(`/keys/${id}`);

  it('shows what the creation showed, and no secret', async () => {
    const { id, body } = await createKey(org.manager, org, {
      scope: 'read-write',
      permissions: ['telemetry:write'],
      allowedIps: ['10.0.0.0/8'],
    });
    const response = await org.manager.get(path(id));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body).toEqual(body);
    expect(response.body).not.toHaveProperty('secret');
  });

  it('leaves no trace in the audit log and no new state', async () => {
    const { id } = await createKey(org.manager, org);
    const before = await service.db.query('SELECT n FROM auth_head');
    await org.manager.get(path(id));
    const { body } = await org.manager.get(org.path(`/audit-events?target=${id}`));
    expect(body.items).toHaveLength(1);
    expect((await service.db.query('SELECT n FROM auth_head')).rows).toEqual(before.rows);
  });

  it('shows who revoked a key, when and why, as long as the record is stored', async () => {
    const { id } = await createKey(org.member, org);
    await org.manager.delete(path(`${id}?reason=left%20the%20team`));
    expect((await org.member.get(path(id))).body).toMatchObject({
      state: 'revoked',
      revokedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      revokedBy: { userId: org.manager.userId, keyId: org.manager.keyId },
      revokeReason: 'left the team',
    });
  });

  it('shows a key whose time is over as expired, and as revoked once it is that', async () => {
    const { id } = await createKey(org.manager, org);
    await expire(service, id);
    expect((await org.manager.get(path(id))).body).toMatchObject({
      state: 'expired',
      revokedAt: null,
      revokedBy: null,
    });
    await org.manager.delete(path(id));
    expect((await org.manager.get(path(id))).body).toMatchObject({ state: 'revoked' });
  });

  it('shows the keys of members who were removed, without their names', async () => {
    const person = await addPerson(service, org.id, 'member');
    await org.manager.delete(org.path(`/members/${person.userId}`));
    expect((await org.manager.get(path(person.keyId))).body).toMatchObject({
      ownerId: person.userId,
      ownerName: null,
      state: 'revoked',
      revokeReason: 'owner_removed',
    });
  });

  it('shows every key to managers and operators', async () => {
    const { id } = await createKey(org.member, org);
    for (const caller of [org.manager, service.operator]) {
      expect((await caller.get(path(id))).body).toMatchObject({ id });
    }
  });

  it('shows members their own keys, also those that others made for them', async () => {
    const own = await createKey(org.member, org);
    const given = await createKey(org.manager, org, { ownerId: org.member.userId });
    for (const { id } of [own, given]) expect((await org.member.get(path(id))).status).toBe(200);
  });

  it('shows the key to itself, whatever its scope', async () => {
    const { id, secret } = await createKey(org.member, org, { scope: 'read' });
    expect((await service.as(secret).get(path(id))).body).toMatchObject({ id });
  });

  it('responds with 404 for whatever is not there or not to be seen, all alike', async () => {
    const mine = await createKey(org.manager, org);
    const foreign = await createKey(other.manager, other);
    const responses = new Set<string>();
    const requests = [
      () => org.member.get(path(mine.id)),
      () => org.manager.get(path(foreign.id)),
      () => org.manager.get(other.path(`/keys/${foreign.id}`)),
      () => org.manager.get(other.path(`/keys/${mine.id}`)),
      () => service.operator.get(path(foreign.id)),
      ...[
        'key_x',
        org.manager.userId,
        'a%00b',
        `key_${'0'.repeat(26)}`,
        `key_${'z'.repeat(26)}`,
      ].map((id) => () => org.manager.get(path(id))),
      () => org.manager.get(`/v1/orgs/org_x/keys/${mine.id}`),
    ];
    for (const request of requests) {
      responses.add((await expectRefusal(service, request, 404, 'not_found')).text);
    }
    expect(responses.size).toBe(1);
  });

  it('is refused without a valid key', async () => {
    const { id } = await createKey(org.manager, org);
    await expectRefusal(service, () => service.nobody.get(path(id)), 401, 'unauthenticated');
    const late = await createKey(org.manager, org);
    await expire(service, late.id);
    const request = () => service.as(late.secret).get(path(id));
    await expectRefusal(service, request, 401, 'unauthenticated');
  });

  it('is refused to keys without keys:read, naming it, before anything is looked up', async () => {
    const { id, secret } = await createKey(org.manager, org, { permissions: ['telemetry:read'] });
    for (const wanted of [id, `key_${'0'.repeat(26)}`]) {
      const request = () => service.as(secret).get(path(wanted));
      const { body } = await expectRefusal(service, request, 403, 'insufficient_permission');
      expect(body).toMatchObject({
        permission: 'keys:read',
        detail: expect.stringContaining('keys:read (list and read keys)'),
      });
    }
  });

  it('stays open to members where the policy lets only managers create keys', async () => {
    const strict = await createOrganisation(service);
    await strict.manager.patch(strict.path('/policy'), { memberKeys: 'none' });
    const { status } = await strict.member.get(strict.path(`/keys/${strict.member.keyId}`));
    expect(status).toBe(200);
  });
});
