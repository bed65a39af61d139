import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller, Method } from '../support/client.js';
import { insertDelivery } from '../support/deliveries.js';
import { insertIdentity } from '../support/identities.js';
import { failedJob } from '../support/jobs.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { email, roles, table, type Role, type World } from '../support/route-table.js';
import { collectRoutes } from '../support/routes.js';
import { startService, type Service } from '../support/service.js';
import { createWebhook, passUntilTestEvent, type CreatedWebhook } from '../support/webhooks.js';

/** Names of parameters are the router's; users stand alone or below an organisation. */
const rowOf = (route: string) => route.replace('/v1/users/:userId', '/v1/users/:strangerId');

function callerOf(service: Service, role: Role, { org, other }: World): Caller {
  const callers = { operator: service.operator, none: service.nobody };
  if (role === 'operator' || role === 'none') return callers[role];
  return role === 'outsider'
    ? service.as(other.manager.key)
    : service.as(role === 'manager' ? org.manager.key : org.member.key);
}

describe('every route, for everybody', () => {
  const routes = new Set<string>();
  let service: Service;

  beforeAll(async () => {
    service = await startService({
      beforeRoutes: (app) => {
        collectRoutes(app, routes);
      },
    });
  });
  afterAll(() => service.stop());

  async function createWorld(): Promise<World> {
    const stranger = await service.operator.post('/v1/users', { email: email(), name: 'Nobody' });
    return {
      org: await createOrganisation(service),
      other: await createOrganisation(service),
      strangerId: stranger.body.id,
      deliveryId: await insertDelivery(service.db),
      identityId: await insertIdentity(service.db, stranger.body.id as string),
    };
  }

  const webhooks = new Map<string, Pick<CreatedWebhook, 'path'> & { deliveryId: string }>();

  /** The webhook of an organisation, and what it was sent. */
  async function webhookOf(org: Organisation) {
    const known = webhooks.get(org.id);
    if (known !== undefined) return known;
    const { path } = await createWebhook(org);
    const ping = await org.manager.post(org.path(`${path}/ping`));
    await passUntilTestEvent(service.db);
    const webhook = { path, deliveryId: ping.body.id as string };
    webhooks.set(org.id, webhook);
    return webhook;
  }

  /** The path with ids of this organisation, where the member is the one that is changed. */
  async function fill(path: string, org: Organisation, world: World): Promise<string> {
    const key = path.includes(':keyId') ? await createKey(org.member, org) : undefined;
    const webhook = path.includes(':webhookId') ? await webhookOf(org) : undefined;
    return path
      .replace(':orgId', org.id)
      .replace(':userId', org.member.userId)
      .replace(':strangerId', world.strangerId)
      .replace(':identityId', world.identityId)
      .replace(':keyId', key?.id ?? '')
      .replace('/webhooks/:webhookId', webhook?.path ?? '')
      .replace(':deliveryId', webhook?.deliveryId ?? world.deliveryId)
      .replace(
        ':jobKind/:jobId',
        path.includes(':jobId') ? `usage/${await failedJob(service)}` : '',
      )
      .replace(':permission', 'any')
      .replace(':file', 'start.js');
  }

  let shared: World | undefined;

  /** Those who change nothing share a world. Others get an organisation of their own; operators change all. */
  async function worldFor(role: Role, changes: boolean): Promise<World> {
    if (changes && role === 'operator') return createWorld();
    shared ??= await createWorld();
    return changes ? { ...shared, org: await createOrganisation(service) } : shared;
  }

  it('the table has every route of the router, and no other', () => {
    const known = new Set(Object.keys(table).filter((route) => !route.startsWith('ALL')));
    // HEAD comes with GET, and forward-auth responds to every method.
    const registered = [...routes]
      .filter((route) => !route.startsWith('HEAD') && !route.includes('/v1/forward-auth/'))
      .map(rowOf);
    expect(registered.sort()).toEqual([...known].sort());
    expect([...routes].some((route) => route.includes('/v1/forward-auth/:permission'))).toBe(true);
  });

  for (const [route, { allowed, success, denied: ownDenied, body }] of Object.entries(table)) {
    const [verb = '', path = ''] = route.split(' ');
    const method = (verb === 'ALL' ? 'GET' : verb) as Method;
    const namesOrg = path.includes(':orgId');

    for (const role of roles) {
      it(`${route} for ${role}`, async () => {
        const world = await worldFor(role, method !== 'GET' && allowed.includes(role));
        const caller = callerOf(service, role, world);
        const send = async (target: string) => {
          // What a member may do alone has no owner to name, and an operator has to name one.
          const input = body?.(world) as object | undefined;
          const needsOwner = route === 'POST /v1/orgs/:orgId/keys' && role === 'operator';
          const ownerId = target.includes(world.other.id)
            ? world.other.member.userId
            : world.org.member.userId;
          const response = await caller.call(
            method,
            target,
            needsOwner ? { ...input, ownerId } : input,
          );
          return response.status;
        };
        const denied = role === 'none' ? 401 : (ownDenied ?? 403);

        if (!namesOrg) {
          const expected = allowed.includes(role) ? success : denied;
          expect(await send(await fill(path, world.org, world))).toBe(expected);
          return;
        }
        const stranger = role === 'none' ? 401 : 404;
        const isForeign = role === 'outsider' || role === 'none';
        const malformed = [path.replace(':orgId', 'org_1'), path.replace(':orgId', '%20')];
        for (const target of malformed) {
          expect(await send(await fill(target, world.org, world))).toBe(stranger);
        }
        // The other organisation: only operators act there.
        const isHome = role === 'outsider';
        if (!isHome) {
          const elsewhere = await fill(path, world.other, world);
          expect(await send(elsewhere)).toBe(role === 'operator' ? success : stranger);
        }
        const own = await fill(path, world.org, world);
        const expected = allowed.includes(role) ? success : isForeign ? stranger : denied;
        for (const parameter of [':keyId', ':userId', ':webhookId']) {
          if (!path.includes(parameter)) continue;
          // Ids that are malformed, missing, or of another organisation, below one's own.
          const [mine, theirs] = [
            own.split('/'),
            (await fill(path, world.other, world)).split('/'),
          ];
          const absent = own.replace(/(key|usr|whk)_\w+/, '$1_00000000000000000000000000');
          const foreign = [...mine.slice(0, 5), ...theirs.slice(5)].join('/');
          const garbage = [...mine.slice(0, 5), 'x', ...mine.slice(6)].join('/');
          for (const target of [absent, foreign, garbage]) {
            // Operators make members of users by their id; that row has a test of its own.
            if (method === 'PUT' && role === 'operator' && target === foreign) continue;
            expect(await send(target)).toBe(allowed.includes(role) ? 404 : expected);
          }
        }
        expect(await send(own)).toBe(expected);
      });
    }
  }
});
