import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import type { Caller } from '../../support/client.js';
import { expectRefusal, unnarrow, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const grants = ['telemetry:read', 'telemetry:write'];
const more = [...grants, 'scenarios:read'];

describe('a data-only key', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service, grants);
    await unnarrow(service, org.manager);
    await unnarrow(service, org.member);
  });
  afterAll(() => service.stop());

  const dataKey = (by: Pick<Caller, 'post'>, input: object = {}) =>
    createKey(by, org, { scope: 'admin', management: false, ...input });
  const change = (id: string, input: object) => org.manager.patch(org.path(`/keys/${id}`), input);

  it('holds the data permissions of its owner, also later ones, and no other', async () => {
    const made = [await dataKey(org.manager), await dataKey(org.member)];
    const held = () => Promise.all(made.map(({ secret }) => verify(service, secret)));
    for (const { body } of made)
      expect(body).toMatchObject({ management: false, permissions: null });
    for (const { permissions } of await held()) expect(permissions).toEqual(grants);
    await service.operator.put(org.path('/grants'), { grants: more });
    for (const { permissions } of await held()) expect(permissions).toEqual([...more].sort());
    for (const { id } of made) {
      const { body } = await org.manager.get(org.path(`/keys/${id}`));
      expect(body).toMatchObject({ management: false, permissions: null });
    }
    await service.operator.put(org.path('/grants'), { grants });
  });

  it('shows at whoami what it may do, and is refused by every route of the management', async () => {
    const { id, secret } = await dataKey(org.manager);
    const key = service.as(secret);
    expect((await key.get('/v1/whoami')).body.permissions).toEqual(grants);
    for (const [permission, send] of [
      ['org:read', () => key.get(org.path())],
      ['keys:read', () => key.get(org.path('/keys'))],
      ['keys:admin', () => key.post(org.path('/keys'), { name: 'a', scope: 'read' })],
      ['keys:write', () => key.delete(org.path(`/keys/${id}`))],
      ['members:read', () => key.get(org.path('/members'))],
      [
        'members:admin',
        () => key.put(org.path(`/members/${org.member.userId}`), { role: 'manager' }),
      ],
      ['audit:read', () => key.get(org.path('/audit-events'))],
      ['orgs:read', () => key.get('/v1/orgs')],
    ] as const) {
      const { body } = await expectRefusal(service, send, 403, 'insufficient_permission');
      expect(body.permission).toBe(permission);
    }
    expect(await verify(service, secret, { permission: 'keys:read' })).toMatchObject({
      code: 'INSUFFICIENT_PERMISSION',
    });
  });

  it('has a list of what both hold when somebody makes it for another', async () => {
    const { body } = await dataKey(org.manager, { ownerId: org.member.userId, scope: 'read' });
    expect(body).toMatchObject({ management: false, permissions: ['telemetry:read'] });
  });

  it('is none unless that is asked for, and the audit log says which it is', async () => {
    expect((await createKey(org.manager, org)).body.management).toBe(true);
    const { events } = await audited(service, org.id, () =>
      org.manager.post(org.path('/keys'), { name: 'a', scope: 'read', management: false }),
    );
    expect(events).toMatchObject([{ action: 'key.created', after: { management: false } }]);
  });

  it('lists no management permission', async () => {
    for (const permission of ['keys:read', 'verify:read']) {
      const send = () =>
        org.manager.post(org.path('/keys'), {
          ...{ name: 'a', scope: 'read', management: false },
          permissions: ['telemetry:read', permission],
        });
      const { body } = await expectRefusal(service, send, 400, 'permission_outside_scope');
      expect(body.detail).toBe(`A data-only read key cannot hold ${permission}.`);
    }
  });

  it('is refused where its owner has no data permission', async () => {
    const poor = await createOrganisation(service, ['telemetry:write']);
    for (const who of [poor.manager, service.operator]) {
      const send = () =>
        who.post(poor.path('/keys'), {
          ...{ name: 'a', scope: 'read', management: false },
          ownerId: poor.manager.userId,
        });
      const { body } = await expectRefusal(service, send, 400, 'nothing_to_grant');
      expect(body.detail).toContain('A data-only read key');
    }
  });

  it('is made of another key, and the very next verification knows', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'admin' });
    const asked = { permission: 'keys:read' };
    expect(await verify(service, secret, asked)).toMatchObject({ valid: true });
    const { response, events } = await audited(service, org.id, () =>
      change(id, { management: false }),
    );
    expect(response.body).toMatchObject({ management: false, permissions: null, state: 'active' });
    expect(events).toMatchObject([
      { action: 'key.changed', before: { management: true }, after: { management: false } },
    ]);
    expect(await verify(service, secret, asked)).toMatchObject({ code: 'INSUFFICIENT_PERMISSION' });
    expect(await verify(service, secret)).toMatchObject({ permissions: grants });
  });

  it('loses the management permissions of its list when it is made one, and never all', async () => {
    const { id } = await createKey(org.manager, org, {
      permissions: ['keys:read', 'telemetry:read'],
    });
    const { body } = await change(id, { management: false });
    expect(body).toMatchObject({ management: false, permissions: ['telemetry:read'] });
    const other = await createKey(org.manager, org, { permissions: ['keys:read'] });
    const send = () => change(other.id, { management: false });
    await expectRefusal(service, send, 400, 'nothing_to_grant');
  });

  it('never becomes another one, not even for operators', async () => {
    const { id, secret } = await dataKey(org.manager);
    for (const who of [org.manager, service.operator]) {
      const send = () => who.patch(org.path(`/keys/${id}`), { management: true });
      await expectRefusal(service, send, 422, 'not_narrower');
    }
    const again = await change(id, { management: false, name: 'the same' });
    expect(again.body).toMatchObject({ management: false, name: 'the same' });
    const list = () => change(id, { permissions: ['telemetry:read', 'keys:read'] });
    await expectRefusal(service, list, 400, 'permission_outside_scope');
    expect(await verify(service, secret)).toMatchObject({ permissions: grants });
  });

  it('is known at once where SQL makes it one, or makes it another one', async () => {
    const { id, secret } = await createKey(org.manager, org);
    const asked = { permission: 'keys:read' };
    const set = (management: boolean) =>
      service.db.query('UPDATE api_keys SET management = $2 WHERE id = $1', [id, management]);
    expect(await verify(service, secret, asked)).toMatchObject({ valid: true });
    await set(false);
    expect(await verify(service, secret, asked)).toMatchObject({ valid: false });
    await set(true);
    expect(await verify(service, secret, asked)).toMatchObject({ valid: true });
  });

  for (const [what, management] of Object.entries({ null: null, text: 'false', number: 0 })) {
    it(`refuses ${what} for management`, async () => {
      const input = { name: 'a', scope: 'read', management };
      const { body } = await expectRefusal(
        service,
        () => org.manager.post(org.path('/keys'), input),
        400,
        'invalid_request',
      );
      expect(body.errors).toMatchObject([{ path: 'management' }]);
    });
  }
});
