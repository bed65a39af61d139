import { expect, it } from '@jest/globals';
import type { ApiResponse, Caller } from './client.js';
import { createKey, type Organisation } from './organisation.js';
import { expectProblem, malformedIds, missing, withoutTrace } from './refusals.js';
import type { Service } from './service.js';

export type Sender = Pick<Caller, 'get' | 'post' | 'put' | 'patch' | 'delete'>;

interface OrgRoute {
  service: () => Service;
  org: () => Organisation;
  other: () => Organisation;
  /** What the route demands, and whether members hold it. */
  permission: string;
  forMembers?: boolean;
  /** A request that succeeds for a manager, or fails only for its content. */
  send: (who: Sender, orgId: string) => Promise<ApiResponse>;
}

/** Any permission but this one: enough for a key that can do something, only not that. */
const otherThan = (permission: string) => (permission === 'keys:read' ? 'org:read' : 'keys:read');

async function restrictedKey(service: Service, org: Organisation, permission: string) {
  const permissions = [otherThan(permission)];
  return service.as((await createKey(org.manager, org, { permissions })).secret);
}

function expectNamed(response: ApiResponse, permission: string): void {
  expectProblem(response, 403, 'insufficient_permission');
  expect(response.body).toMatchObject({ permission, detail: expect.stringContaining(permission) });
}

function itNeedsKey({ service, org, send }: OrgRoute): void {
  it('responds with 401 to a request without a valid key', async () => {
    const keys = [undefined, 'nonsense', `kf_${'0'.repeat(42)}`];
    for (const key of keys) {
      const who = key === undefined ? service().nobody : service().as(key);
      const response = await withoutTrace(service(), () => send(who, org().id));
      expectProblem(response, 401, 'unauthenticated');
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });
}

/** The refusals that every route of one organisation has in common. */
export function itRefusesStrangers(route: OrgRoute): void {
  const { service, org, other, permission, send } = route;
  itNeedsKey(route);

  it(`responds with 403 to a key without ${permission}, and names it`, async () => {
    const key = await restrictedKey(service(), org(), permission);
    expectNamed(await withoutTrace(service(), () => send(key, org().id)), permission);
  });

  if (route.forMembers !== true) {
    it(`responds with 403 to a member, and names ${permission} and whom to ask`, async () => {
      const response = await withoutTrace(service(), () => send(org().member, org().id));
      expectNamed(response, permission);
      expect(new Set(response.body.managers)).toEqual(new Set(['A manager']));
    });
  }

  it('responds for the organisation of others as for a missing one and a malformed id', async () => {
    const ids = [org().id, missing.org, org().manager.userId, org().manager.keyId, ...malformedIds];
    const bodies = new Set<string>();
    for (const id of ids) {
      for (const who of [other().manager, other().member]) {
        const response = await withoutTrace(service(), () => send(who, id));
        expect({ id, status: response.status }).toEqual({ id, status: 404 });
        expectProblem(response, 404, 'not_found');
        bodies.add(response.text);
      }
    }
    expect([...bodies]).toHaveLength(1);
  });

  it('responds with 404 to an operator where there is no such organisation', async () => {
    for (const id of [missing.org, ...malformedIds]) {
      const response = await withoutTrace(service(), () => send(service().operator, id));
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
      expectProblem(response, 404, 'not_found');
    }
  });
}

interface OperatorRoute extends Omit<OrgRoute, 'send' | 'other' | 'forMembers'> {
  /** Whether the path names the organisation, which then is unknown to other keys. */
  namesOrg?: boolean;
  send: (who: Sender) => Promise<ApiResponse>;
}

/** The refusals that every route of the operators has in common. */
export function itIsForOperators(route: OperatorRoute): void {
  const { service, org, permission, send } = route;
  itNeedsKey({ ...route, other: org });

  it(`responds with 403 to managers and members, and names ${permission}`, async () => {
    for (const who of [org().manager, org().member]) {
      expectNamed(await withoutTrace(service(), () => send(who)), permission);
    }
  });

  it('refuses the key of an operator that is restricted to something else', async () => {
    const { body } = await service().operator.get('/v1/whoami');
    const operators = { path: (rest = '') => `/v1/orgs/${body.orgId as string}${rest}` };
    const restriction = { scope: 'admin', permissions: ['verify:read'] };
    const { secret } = await createKey(service().operator, operators, restriction);
    const narrow = service().as(secret);
    const response = await withoutTrace(service(), () => send(narrow));
    if (route.namesOrg === true) expectProblem(response, 404, 'not_found');
    else expectNamed(response, permission);
  });
}
