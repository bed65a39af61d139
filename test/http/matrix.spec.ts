import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { newSecret } from '../../src/common/secret.js';
import type { Caller, Method } from '../support/client.js';
import { insertDelivery } from '../support/deliveries.js';
import { failedJob } from '../support/jobs.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { collectRoutes } from '../support/routes.js';
import { startService, type Service } from '../support/service.js';
import { createWebhook, type CreatedWebhook } from '../support/webhooks.js';

type Role = 'operator' | 'manager' | 'member' | 'outsider' | 'none';
const roles: Role[] = ['operator', 'manager', 'member', 'outsider', 'none'];

interface Route {
  /** Who may call it in their own organisation, or at all where the path names none. */
  allowed: Role[];
  success: number;
  /** What everybody else is answered; 403 when left out, and 401 without a key. */
  denied?: number;
  body?: (world: World) => unknown;
}

interface World {
  org: Organisation;
  other: Organisation;
  /** A user of no organisation. */
  strangerId: string;
  deliveryId: string;
}

const everybody = roles;
const keyHolders: Role[] = ['operator', 'manager', 'member', 'outsider'];
const inOrg: Role[] = ['operator', 'manager', 'member'];
const managers: Role[] = ['operator', 'manager'];
const operators: Role[] = ['operator'];

const unique = () => Math.random().toString(36).slice(2);
const email = () => `${unique()}@example.com`;

/** Every route of the service. A route that is missing here fails the test. */
const table: Record<string, Route> = {
  'GET /livez': { allowed: everybody, success: 200 },
  'GET /readyz': { allowed: everybody, success: 200 },
  'GET /metrics': { allowed: everybody, success: 200 },
  'GET /openapi.json': { allowed: everybody, success: 200 },
  'GET /docs': { allowed: everybody, success: 200 },
  'GET /docs/:file': { allowed: everybody, success: 200 },
  'GET /v1/whoami': { allowed: keyHolders, success: 200 },
  'POST /v1/verify': { allowed: keyHolders, success: 200, body: () => ({ key: 'kf_none' }) },
  'POST /v1/revoke': { allowed: everybody, success: 200, body: () => ({ key: newSecret('kf') }) },
  'GET /v1/sign-in': { allowed: everybody, success: 200 },
  'POST /v1/sign-in-links': { allowed: everybody, success: 409, body: () => ({ email: email() }) },
  'POST /v1/session': { allowed: everybody, success: 403, body: () => ({ token: 'none' }) },
  'POST /v1/sign-in/provider': { allowed: everybody, success: 403 },
  'POST /v1/session/provider': {
    allowed: everybody,
    success: 403,
    body: () => ({ code: 'none', state: 'none' }),
  },
  // No key opens these.
  'GET /v1/session': { allowed: [], success: 200, denied: 401 },
  'DELETE /v1/session': { allowed: [], success: 204, denied: 401 },
  'DELETE /v1/sessions': { allowed: [], success: 204, denied: 401 },
  'ALL /v1/forward-auth/:permission': { allowed: keyHolders, success: 204 },
  'POST /v1/orgs': {
    allowed: operators,
    success: 201,
    body: () => ({ name: 'New', slug: unique(), grants: [] }),
  },
  'GET /v1/orgs': { allowed: operators, success: 200 },
  'GET /v1/orgs/:orgId': { allowed: inOrg, success: 200 },
  'PATCH /v1/orgs/:orgId': { allowed: managers, success: 200, body: () => ({ name: 'Renamed' }) },
  'PUT /v1/orgs/:orgId/grants': { allowed: operators, success: 200, body: () => ({ grants: [] }) },
  'POST /v1/orgs/:orgId/suspend': { allowed: operators, success: 200 },
  'POST /v1/orgs/:orgId/resume': { allowed: operators, success: 200 },
  'GET /v1/orgs/:orgId/policy': { allowed: inOrg, success: 200 },
  'PATCH /v1/orgs/:orgId/policy': {
    allowed: managers,
    success: 200,
    body: () => ({ maxLifetimeDays: 200 }),
  },
  'POST /v1/users': {
    allowed: operators,
    success: 201,
    body: () => ({ email: email(), name: 'New' }),
  },
  'GET /v1/users': { allowed: operators, success: 200 },
  'GET /v1/deliveries': { allowed: operators, success: 200 },
  'POST /v1/deliveries/:deliveryId/retry': { allowed: operators, success: 200 },
  'GET /v1/jobs': { allowed: operators, success: 200 },
  'POST /v1/jobs/:jobKind/:jobId/retry': { allowed: operators, success: 200 },
  'GET /v1/users/:strangerId': { allowed: operators, success: 200 },
  'POST /v1/users/:strangerId/deactivate': { allowed: operators, success: 200 },
  'POST /v1/users/:strangerId/reactivate': { allowed: operators, success: 200 },
  'GET /v1/orgs/:orgId/members': { allowed: managers, success: 200 },
  'POST /v1/orgs/:orgId/members': {
    allowed: managers,
    success: 201,
    body: () => ({ email: email(), name: 'New', role: 'member', grants: null }),
  },
  'POST /v1/orgs/:orgId/service-accounts': {
    allowed: managers,
    success: 201,
    body: () => ({ name: 'ci' }),
  },
  'GET /v1/orgs/:orgId/members/:userId': { allowed: managers, success: 200 },
  'PUT /v1/orgs/:orgId/members/:userId': {
    allowed: managers,
    success: 200,
    body: () => ({ role: 'member', grants: [] }),
  },
  'DELETE /v1/orgs/:orgId/members/:userId': { allowed: managers, success: 200 },
  'GET /v1/orgs/:orgId/keys': { allowed: inOrg, success: 200 },
  'POST /v1/orgs/:orgId/keys': {
    allowed: inOrg,
    success: 201,
    body: () => ({ name: 'New', scope: 'read' }),
  },
  'GET /v1/orgs/:orgId/keys/:keyId': { allowed: inOrg, success: 200 },
  'PATCH /v1/orgs/:orgId/keys/:keyId': {
    allowed: inOrg,
    success: 200,
    body: () => ({ name: 'Renamed' }),
  },
  'DELETE /v1/orgs/:orgId/keys/:keyId': { allowed: inOrg, success: 200 },
  'GET /v1/orgs/:orgId/keys/:keyId/usage': { allowed: inOrg, success: 200 },
  'GET /v1/orgs/:orgId/webhooks': { allowed: managers, success: 200 },
  'POST /v1/orgs/:orgId/webhooks': {
    allowed: managers,
    success: 201,
    body: () => ({ url: 'https://hooks.example.com/' }),
  },
  'GET /v1/orgs/:orgId/webhooks/:webhookId': { allowed: managers, success: 200 },
  'PATCH /v1/orgs/:orgId/webhooks/:webhookId': {
    allowed: managers,
    success: 200,
    body: () => ({ events: null }),
  },
  'DELETE /v1/orgs/:orgId/webhooks/:webhookId': { allowed: managers, success: 200 },
  'POST /v1/orgs/:orgId/webhooks/:webhookId/rotate-secret': { allowed: managers, success: 201 },
  'POST /v1/orgs/:orgId/webhooks/:webhookId/ping': { allowed: managers, success: 202 },
  'GET /v1/orgs/:orgId/webhooks/:webhookId/deliveries': { allowed: managers, success: 200 },
  'POST /v1/orgs/:orgId/webhooks/:webhookId/deliveries/:deliveryId/retry': {
    allowed: managers,
    success: 200,
  },
  'GET /v1/orgs/:orgId/audit-events': { allowed: managers, success: 200 },
  'GET /v1/orgs/:orgId/audit-events/export': { allowed: managers, success: 200 },
};

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

  before(async () => {
    service = await startService({
      beforeRoutes: (app) => {
        collectRoutes(app, routes);
      },
    });
  });
  after(() => service.stop());

  async function createWorld(): Promise<World> {
    const stranger = await service.operator.post('/v1/users', { email: email(), name: 'Nobody' });
    return {
      org: await createOrganisation(service),
      other: await createOrganisation(service),
      strangerId: stranger.body.id,
      deliveryId: await insertDelivery(service.db),
    };
  }

  const webhooks = new Map<string, Pick<CreatedWebhook, 'path'> & { deliveryId: string }>();

  /** The webhook of an organisation, and what it was sent. */
  async function webhookOf(org: Organisation) {
    const known = webhooks.get(org.id);
    if (known !== undefined) return known;
    const { path } = await createWebhook(org);
    const ping = await org.manager.post(org.path(`${path}/ping`));
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

  /** Those who change nothing share a world; whoever changes something gets one of their own. */
  async function worldFor(changes: boolean): Promise<World> {
    if (changes) return createWorld();
    shared ??= await createWorld();
    return shared;
  }

  it('the table has every route of the router, and no other', () => {
    const known = new Set(Object.keys(table).filter((route) => !route.startsWith('ALL')));
    // HEAD comes with GET, and forward-auth answers every method.
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
        const world = await worldFor(method !== 'GET' && allowed.includes(role));
        const caller = callerOf(service, role, world);
        const send = async (target: string) => {
          // What a member may do alone has no owner to name, and an operator has to name one.
          const input = body?.(world) as object | undefined;
          const needsOwner = route === 'POST /v1/orgs/:orgId/keys' && role === 'operator';
          const ownerId = target.includes(world.other.id)
            ? world.other.member.userId
            : world.org.member.userId;
          const answer = await caller.call(
            method,
            target,
            needsOwner ? { ...input, ownerId } : input,
          );
          return answer.status;
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
