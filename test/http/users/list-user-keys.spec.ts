import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { expire } from '../../support/keys.js';
import { insertManyKeys } from '../../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, malformedIds, missing, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/users/{userId}/keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const pathOf = (userId: string) => `/v1/users/${userId}/keys`;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:admin',
    send: (who) => who.get(pathOf(org.member.userId)),
  });

  it('has the active keys of the user in all organisations, with their last use, and no others', async () => {
    const { userId } = org.member;
    const membership = other.path(`/members/${userId}`);
    await service.operator.put(membership, { role: 'member', grants: null });
    const made = { name: 'elsewhere', ownerId: userId };
    const elsewhere = await createKey(other.manager, other, made);
    await service.db.query(
      `INSERT INTO key_usage (key_id, uses, last_used_at, last_ip) VALUES ($1, 3, '2026-01-02T03:04:05Z', '192.0.2.7')`,
      [elsewhere.id],
    );
    const [revoked, expired] = [await createKey(org.member, org), await createKey(org.member, org)];
    await org.manager.delete(org.path(`/keys/${revoked.id}`));
    await expire(service, expired.id);
    const read = async () => {
      const { status, body } = await service.operator.get(pathOf(userId));
      expect(status).toBe(200);
      return body as { total: number; items: Record<string, unknown>[] };
    };
    const { total, items } = await read();
    expect(total).toBe(2);
    expect(items.map(({ id, orgId }) => ({ id, orgId }))).toEqual([
      { id: org.member.keyId, orgId: org.id },
      { id: elsewhere.id, orgId: other.id },
    ]);
    expect(items[1]).toEqual({
      id: elsewhere.id,
      orgId: other.id,
      orgName: `The ${other.slug}`,
      name: 'elsewhere',
      masked: expect.stringMatching(/^kf_.+…/),
      lastUsedAt: '2026-01-02T03:04:05.000Z',
      lastUsedIp: '192.0.2.7',
    });
    await service.operator.delete(membership);
    expect(await read()).toMatchObject({ total: 1, items: [{ id: org.member.keyId }] });
  });

  it('has the first hundred, and says how many there are', async () => {
    const { userId } = other.member;
    await insertManyKeys(service.db, { orgId: other.id, ownerId: userId, count: 150 });
    const { body } = await service.operator.get(pathOf(userId));
    expect(body).toMatchObject({ total: 151, items: { length: 100 } });
  });

  it('is 404 for a user that is missing, and for what is no id of one', async () => {
    for (const id of [missing.user, org.id, ...malformedIds]) {
      const response = await withoutTrace(service, () => service.operator.get(pathOf(id)));
      expectProblem(response, 404, 'not_found');
    }
  });
});
