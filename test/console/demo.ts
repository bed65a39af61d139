import type { ApiResponse } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { operatorOrgId } from '../support/persons.js';
import type { Service } from '../support/service.js';
import { signIn } from '../support/sessions.js';

/** An organisation with people, keys and a history, as the pictures in the documentation show it. */
export interface Demo {
  orgId: string;
  manager: { email: string };
  member: { email: string };
  operator: { email: string };
}

const grants = ['telemetry:read', 'telemetry:write', 'scenarios:read', 'scenarios:write'];

const people = [
  { name: 'Ada Okafor', email: 'ada@tidewater.example', role: 'manager', grants: null },
  { name: 'Jonas Weber', email: 'jonas@tidewater.example', role: 'manager', grants: null },
  { name: 'Mei Tanaka', email: 'mei@tidewater.example', role: 'member', grants: null },
  { name: 'Luis Ortega', email: 'luis@tidewater.example', role: 'member', grants: [grants[0]] },
] as const;

/** Name, scope, owner, lifetime in days, days since it was made, days since the last use. */
const keys = [
  ['Claude Desktop – Work Laptop', 'read', 0, 90, 12, 0.001],
  ['Scenario runner, production', 'read-write', 'service', 365, 140, 0.02],
  ['Nightly export', 'read', 2, 30, 24, 0.4],
  ['Grafana', 'read', 'service', 365, 351, 0.1],
  ['Notebook of the forecast team', 'read-write', 3, 90, 88, 2],
  ['Commissioning, site 7', 'admin', 1, 7, 9, 3],
  ['Old dashboard', 'read', 0, 180, 60, undefined],
] as const;

function created({ status, text, body }: ApiResponse): ApiResponse['body'] {
  if (status > 299) throw new Error(text);
  return body;
}

async function addPeople({ operator }: Service, orgId: string): Promise<string[]> {
  const ids: string[] = [];
  for (const { name, email, role, grants: own } of people) {
    const { id } = created(await operator.post('/v1/users', { name, email })) as { id: string };
    created(await operator.put(`/v1/orgs/${orgId}/members/${id}`, { role, grants: own }));
    ids.push(id);
  }
  return ids;
}

/** Lets a key be as old, and as used, as if somebody had waited. */
async function age({ db }: Service, keyId: string, days: number, used: number | undefined) {
  await db.query(
    `UPDATE api_keys SET created_at = created_at - passed, expires_at = expires_at - passed
     FROM make_interval(days => $2) AS passed WHERE id = $1`,
    [keyId, days],
  );
  if (used === undefined) return;
  await db.query(
    `INSERT INTO key_usage (key_id, uses, last_used_at, last_ip, last_user_agent)
     VALUES ($1, $2, now() - make_interval(secs => 86400 * $3::float8), '203.0.113.24', 'tidewater/2.4')`,
    [keyId, 40 * days, used],
  );
  await db.query(
    `INSERT INTO key_usage_days (key_id, day, uses)
     SELECT $1, (now() - make_interval(days => i))::date, 20 + (i * 37) % 45
     FROM generate_series($2::int, $3::int) i`,
    [keyId, Math.ceil(used), Math.min(days, 29)],
  );
}

async function addKeys(service: Service, orgId: string, owners: string[], account: string) {
  const manager = await signIn(service, people[0]);
  for (const [name, scope, owner, expiresInDays, days, used] of keys) {
    const ownerId = owner === 'service' ? account : owners[owner];
    const body = { name, scope, expiresInDays, ownerId };
    const { key } = created(await manager.post(`/v1/orgs/${orgId}/keys`, body)) as {
      key: { id: string };
    };
    await age(service, key.id, days, used);
    if (name !== 'Old dashboard') continue;
    created(await manager.delete(`/v1/orgs/${orgId}/keys/${key.id}?reason=switched%20off`));
  }
}

const hooks = [
  { url: 'https://hooks.tidewater.example/keys', events: null },
  { url: 'https://siem.tidewater.example/in', events: ['key.revoked', 'member.removed'] },
];

async function addWebhooks({ operator }: Service, orgId: string): Promise<void> {
  for (const hook of hooks) created(await operator.post(`/v1/orgs/${orgId}/webhooks`, hook));
}

/** What would have become of deliveries if there were somebody at these addresses. */
async function settleDeliveries({ db }: Service): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await db.query(
      `SELECT FROM deliveries WHERE channel = 'webhook'
         AND (attempts = 0 OR reason IS NULL OR reason = 'the attempt did not end')`,
    );
    return rowCount === 0;
  }, 30_000);
  await db.query(
    `UPDATE deliveries SET state = 'sent', attempts = 1, reason = NULL, finished_at = created_at
     WHERE channel = 'webhook'`,
  );
  await db.query(
    `UPDATE deliveries SET state = 'failed', attempts = 12, reason = 'the receiver responded with 503'
     WHERE id = (SELECT id FROM deliveries WHERE event ->> 'type' = 'key.created' ORDER BY id OFFSET 3 LIMIT 1)`,
  );
}

async function addOthers({ operator }: Service): Promise<void> {
  for (const [name, slug] of [
    ['Blue Harbour Labs', 'blue-harbour'],
    ['Northwind Trading', 'northwind'],
  ]) {
    const { id } = created(
      await operator.post('/v1/orgs', { name, slug, grants: grants.slice(0, 2) }),
    ) as { id: string };
    if (slug === 'northwind') created(await operator.post(`/v1/orgs/${id}/suspend`));
  }
}

const operatorPerson = { name: 'Sam Rivera', email: 'sam@keyfence.example' };

async function addOperator(service: Service): Promise<void> {
  const { operator } = service;
  const { id } = created(await operator.post('/v1/users', operatorPerson)) as { id: string };
  const standing = { role: 'manager', grants: null };
  const path = `/v1/orgs/${await operatorOrgId(service)}/members/${id}`;
  created(await operator.put(path, standing));
}

export async function makeDemo(service: Service): Promise<Demo> {
  const { operator } = service;
  const org = { name: 'Tidewater Energy', slug: 'tidewater', grants };
  const { id: orgId } = created(await operator.post('/v1/orgs', org)) as { id: string };
  const owners = await addPeople(service, orgId);
  const account = created(
    await operator.post(`/v1/orgs/${orgId}/service-accounts`, {
      name: 'Forecast pipeline',
      role: 'member',
      grants: null,
    }),
  ) as { userId: string };
  await addWebhooks(service, orgId);
  await addKeys(service, orgId, owners, account.userId);
  await settleDeliveries(service);
  await addOthers(service);
  await addOperator(service);
  return { orgId, manager: people[0], member: people[2], operator: operatorPerson };
}
