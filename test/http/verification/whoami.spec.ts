import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headOf } from '../../support/history.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn } from '../../support/sessions.js';

describe('GET /v1/whoami', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('shows a key who it is, whose, in which organisation, and what it may do', async () => {
    const key = await createKey(org.member, org, { name: 'Claude Desktop — Work Laptop' });
    const { status, body, headers } = await withoutTrace(service, () =>
      service.as(key.secret).get('/v1/whoami'),
    );
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      keyId: key.id,
      keyName: 'Claude Desktop — Work Laptop',
      orgId: org.id,
      orgName: `The ${org.slug}`,
      ownerId: org.member.userId,
      ownerName: 'A member',
      scope: 'read',
      permissions: ['keys:read', 'org:read', 'telemetry:read'],
      expiresAt: key.body.expiresAt,
      authSeq: await headOf(service.db),
    });
  });

  it('responds with the effective permissions: role, grants, scope and list together', async () => {
    const permissionsOf = async (secret: string) =>
      (await service.as(secret).get('/v1/whoami')).body.permissions as string[];
    expect(await permissionsOf(org.manager.key)).toEqual([
      'audit:read',
      'keys:admin',
      'keys:read',
      'keys:write',
      'members:admin',
      'members:read',
      'org:admin',
      'org:read',
      'telemetry:admin',
      'telemetry:read',
      'telemetry:write',
      'webhooks:admin',
      'webhooks:read',
    ]);
    expect(await permissionsOf(org.member.key)).toEqual([
      'keys:admin',
      'keys:read',
      'keys:write',
      'org:read',
      'telemetry:admin',
      'telemetry:read',
      'telemetry:write',
    ]);
    const write = await createKey(org.member, org, { scope: 'read-write' });
    expect(await permissionsOf(write.secret)).toEqual([
      'keys:read',
      'keys:write',
      'org:read',
      'telemetry:read',
      'telemetry:write',
    ]);
    const listed = await createKey(org.member, org, { permissions: ['telemetry:read'] });
    expect(await permissionsOf(listed.secret)).toEqual(['telemetry:read']);
  });

  it('responds with null as the expiry of a key that never expires', async () => {
    await org.manager.patch(org.path('/policy'), { allowNoExpiry: true });
    const key = await createKey(await signIn(service, org.member), org, {
      expiresAt: null,
    });
    expect((await service.as(key.secret).get('/v1/whoami')).body.expiresAt).toBeNull();
  });

  it('responds to an operator with what operators may do', async () => {
    const { status, body } = await service.operator.get('/v1/whoami');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      orgId: await operatorOrgId(service),
      orgName: 'Operators',
      scope: 'admin',
      permissions: expect.arrayContaining(['orgs:admin', 'users:admin', 'verify:read']),
    });
  });

  it('responds to any valid key, even one that may do nothing at the moment', async () => {
    const key = await createKey(org.member, org, { permissions: ['telemetry:read'] });
    await service.operator.put(org.path('/grants'), { grants: [] });
    const { status, body } = await service.as(key.secret).get('/v1/whoami');
    await service.operator.put(org.path('/grants'), { grants: org.grants });
    expect(status).toBe(200);
    expect(body.permissions).toEqual([]);
  });

  it('responds with 401 without a key', async () => {
    const { status, body } = await service.nobody.get('/v1/whoami');
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
  });
});
