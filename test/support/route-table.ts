import { newSecret } from '../../src/common/secret.js';
import type { Organisation } from './organisation.js';

/** Who calls. */
export type Role = 'operator' | 'manager' | 'member' | 'outsider' | 'none';
export const roles: Role[] = ['operator', 'manager', 'member', 'outsider', 'none'];

interface Route {
  /** Who may call it in their own organisation, or at all where the path names none. */
  allowed: Role[];
  success: number;
  /** The status that everybody else gets; 403 when left out, and 401 without a key. */
  denied?: number;
  body?: (world: World) => unknown;
}

/** What the calls are about. */
export interface World {
  org: Organisation;
  other: Organisation;
  /** A user of no organisation. */
  strangerId: string;
  deliveryId: string;
  /** An account of that user at an identity provider. */
  identityId: string;
}

const everybody = roles;
const keyHolders: Role[] = ['operator', 'manager', 'member', 'outsider'];
const inOrg: Role[] = ['operator', 'manager', 'member'];
const managers: Role[] = ['operator', 'manager'];
const operators: Role[] = ['operator'];

const unique = () => Math.random().toString(36).slice(2);
const settings = () => ({ knowsDataOnlyKeys: true });
/** An address of nobody. */
export const email = () => `${unique()}@example.com`;

/** Every route of the service. A route that is missing here fails the test. */
export const table: Record<string, Route> = {
  'GET /livez': { allowed: everybody, success: 200 },
  'GET /readyz': { allowed: everybody, success: 200 },
  'GET /metrics': { allowed: everybody, success: 200 },
  'GET /openapi.json': { allowed: everybody, success: 200 },
  'GET /docs': { allowed: everybody, success: 200 },
  'GET /docs/:file': { allowed: everybody, success: 200 },
  'GET /v1/whoami': { allowed: keyHolders, success: 200 },
  'POST /v1/verify': { allowed: keyHolders, success: 200, body: () => ({ key: 'kf_none' }) },
  'POST /v1/verify/batch': {
    allowed: keyHolders,
    success: 200,
    body: () => ({ questions: [{ key: 'kf_none' }] }),
  },
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
  'GET /v1/sessions': { allowed: [], success: 200, denied: 401 },
  'DELETE /v1/sessions': { allowed: [], success: 204, denied: 401 },
  'DELETE /v1/sessions/:sessionId': { allowed: [], success: 204, denied: 401 },
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
  'GET /v1/users/:strangerId/keys': { allowed: operators, success: 200 },
  'GET /v1/orgs/:orgId/policy': { allowed: inOrg, success: 200 },
  'PATCH /v1/orgs/:orgId/policy': {
    allowed: managers,
    success: 200,
    body: () => ({ maxLifetimeDays: 200 }),
  },
  'PUT /v1/orgs/:orgId/bounds': {
    allowed: operators,
    success: 200,
    body: () => ({ maxKeysPerMember: 500, maxKeysPerOrg: 5_000 }),
  },
  'GET /v1/installation': { allowed: operators, success: 200 },
  'GET /v1/installation/appearance': { allowed: everybody, success: 200 },
  'GET /v1/installation/data-permissions': { allowed: [], success: 200, denied: 401 },
  'PATCH /v1/installation': { allowed: operators, success: 200, body: settings },
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
  'PATCH /v1/users/:strangerId': {
    allowed: operators,
    success: 200,
    body: () => ({ name: 'Somebody' }),
  },
  'POST /v1/users/:strangerId/deactivate': { allowed: operators, success: 200 },
  'POST /v1/users/:strangerId/reactivate': { allowed: operators, success: 200 },
  'POST /v1/users/:strangerId/sign-in-links': { allowed: operators, success: 200 },
  'GET /v1/users/:strangerId/identities': { allowed: operators, success: 200 },
  'DELETE /v1/users/:strangerId/identities': { allowed: operators, success: 200 },
  'DELETE /v1/users/:strangerId/identities/:identityId': { allowed: operators, success: 200 },
  'POST /v1/users/:strangerId/identities/:identityId/allow': { allowed: operators, success: 200 },
  'GET /v1/orgs/:orgId/members': { allowed: managers, success: 200 },
  'POST /v1/orgs/:orgId/members': {
    allowed: managers,
    success: 201,
    body: () => ({ email: email(), name: 'New', role: 'member', grants: [] }),
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
  'POST /v1/orgs/:orgId/members/:userId/invite': { allowed: managers, success: 409 },
  'DELETE /v1/orgs/:orgId/members/:userId': { allowed: managers, success: 200 },
  'GET /v1/orgs/:orgId/members/:userId/keys/revoke': { allowed: inOrg, success: 200 },
  'POST /v1/orgs/:orgId/members/:userId/keys/revoke': {
    allowed: inOrg,
    success: 200,
    body: () => ({ reason: 'moved' }),
  },
  'GET /v1/orgs/:orgId/keys': { allowed: inOrg, success: 200 },
  'POST /v1/orgs/:orgId/keys/revoke': {
    allowed: inOrg,
    success: 200,
    body: () => ({ keyIds: [`key_${'0'.repeat(26)}`] }),
  },
  'GET /v1/orgs/:orgId/keys/summary': { allowed: inOrg, success: 200 },
  'GET /v1/orgs/:orgId/keys.csv': { allowed: inOrg, success: 200 },
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
