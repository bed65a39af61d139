import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse, Caller } from '../../support/client.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { createWebhook } from '../../support/webhooks.js';

const url = 'https://hooks.example.com/keyfence';

describe('What a webhook sends', () => {
  let service: Service;
  let org: Organisation;
  /** Keys of the manager for webhooks, with what else they may read. */
  let deaf: Caller;
  let keysOnly: Caller;

  const narrowed = async (...more: string[]) => {
    const permissions = ['webhooks:read', 'webhooks:admin', ...more];
    return service.as((await createKey(org.manager, org, { scope: 'admin', permissions })).secret);
  };
  const refused = async (send: () => Promise<ApiResponse>, permission: string) => {
    const response = await withoutTrace(service, send);
    expectProblem(response, 403, 'exceeds_issuer');
    expect(response.body.detail).toContain(`You do not hold ${permission}.`);
  };

  beforeAll(async () => {
    // Nobody sends anything.
    service = await startService({ settings: { role: 'api' } });
    org = await createOrganisation(service);
    deaf = await narrowed();
    keysOnly = await narrowed('keys:read');
  });
  afterAll(() => service.stop());

  it('is for those to create it who can read the same', async () => {
    const create = (who: Pick<Caller, 'post'>, events?: string[]) =>
      who.post(org.path('/webhooks'), { url, events });
    await refused(() => create(deaf, ['key.created']), 'keys:read');
    await refused(() => create(keysOnly, ['key.created', 'member.removed']), 'members:read');
    await refused(() => create(keysOnly, ['org.suspended']), 'org:read');
    expect((await create(keysOnly, ['key.created', 'key.expired'])).status).toBe(201);
  });

  it('is everything that managers hold where no events are named', async () => {
    const most = await narrowed('keys:read', 'members:read', 'org:read', 'audit:read');
    await refused(() => most.post(org.path('/webhooks'), { url }), 'keys:write');
    await createWebhook(org);
  });

  it('is for those to change and to sign who can read what it sent and will send', async () => {
    const all = await createWebhook(org);
    const keys = await createWebhook(org, { events: ['key.created'] });
    const members = await createWebhook(org, { events: ['member.removed'] });
    const change = (path: string, body: object) => () => keysOnly.patch(org.path(path), body);
    const other = 'https://other.example.com/';
    await refused(change(all.path, { url: other }), 'keys:write');
    await refused(change(all.path, { events: ['key.created'] }), 'keys:write');
    await refused(change(members.path, { url: other }), 'members:read');
    await refused(change(members.path, { events: ['key.created'] }), 'members:read');
    await refused(change(keys.path, { events: ['member.removed'] }), 'members:read');
    await refused(change(keys.path, { events: null }), 'keys:write');
    const moved = await change(keys.path, { url: other, events: ['key.revoked'] })();
    expect(moved.body).toMatchObject({ url: other, events: ['key.revoked'] });
    const rotate = (path: string) => keysOnly.post(org.path(`${path}/rotate-secret`));
    await refused(() => rotate(members.path), 'members:read');
    await refused(() => rotate(all.path), 'keys:write');
    expect((await rotate(keys.path)).status).toBe(201);
    expect((await keysOnly.delete(org.path(members.path))).status).toBe(200);
  });

  it('shows in its deliveries to those alone who can read the same', async () => {
    const members = await createWebhook(org, { events: ['member.removed'] });
    const ping = await org.manager.post(org.path(`${members.path}/ping`));
    const path = org.path(`${members.path}/deliveries`);
    const retry = `${path}/${ping.body.id as string}/retry`;
    for (const send of [() => keysOnly.get(path), () => keysOnly.post(retry)]) {
      const response = await withoutTrace(service, send);
      expectProblem(response, 403, 'insufficient_permission');
      expect(response.body.permission).toBe('members:read');
    }
    for (const who of [org.manager, service.operator, await narrowed('members:read')]) {
      expect((await who.get(path)).body.items).toHaveLength(1);
      expect((await who.post(retry)).status).toBe(200);
    }
  });

  it('of all among operators takes all that an operator holds', async () => {
    const id = await operatorOrgId(service);
    const permissions = ['webhooks:admin', 'keys:read', 'members:read', 'org:read'];
    const made = await service.operator.post(`/v1/orgs/${id}/keys`, {
      name: 'narrow',
      scope: 'admin',
      permissions,
    });
    const narrow = service.as(made.body.secret as string);
    await refused(() => narrow.post(`/v1/orgs/${id}/webhooks`, { url }), 'keys:write');
    const all = await service.operator.post(`/v1/orgs/${id}/webhooks`, { url });
    expect(all.status).toBe(201);
  });
});
