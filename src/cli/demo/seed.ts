import type { Client } from 'pg';
import type { Api } from './api.js';
import { operator, organisations, type PlannedKey, type PlannedOrg } from './plan.js';

/** What makes the data: the service itself, and its database for the time that has passed. */
interface Means {
  operator: Api;
  /** Signs somebody in to the console. */
  signIn: (email: string) => Promise<Api>;
  db: Client;
}

const daysShown = 30;

/** Makes the organisations with people, keys and a month of use. */
export async function seed(means: Means): Promise<void> {
  for (const org of organisations) await addOrganisation(means, org);
  const { orgId } = await means.operator.call<{ orgId: string }>('GET', '/v1/whoami');
  await means.operator.call('POST', `/v1/orgs/${orgId}/members`, { ...operator, role: 'manager' });
}

async function addOrganisation(means: Means, org: PlannedOrg): Promise<void> {
  const { name, slug, grants, people, serviceAccounts, keys } = org;
  const { id } = await means.operator.call<{ id: string }>('POST', '/v1/orgs', {
    name,
    slug,
    grants,
  });
  const path = `/v1/orgs/${id}`;
  const owners = new Map<string, string>();
  for (const person of people) {
    const body = { ...person };
    const added = await means.operator.call<Member>('POST', `${path}/members`, body);
    owners.set(person.email, added.userId);
  }
  for (const account of serviceAccounts) {
    const body = { name: account, role: 'member' };
    const added = await means.operator.call<Member>('POST', `${path}/service-accounts`, body);
    owners.set(account, added.userId);
  }
  const manager = await means.signIn(people[0].email);
  for (const key of keys) await addKey(means.db, manager, path, key, owners.get(key.owner));
}

interface Member {
  userId: string;
}

async function addKey(
  db: Client,
  manager: Api,
  orgPath: string,
  key: PlannedKey,
  ownerId: string | undefined,
): Promise<void> {
  const { name, scope, lifetimeDays: expiresInDays } = key;
  const body = { name, scope, expiresInDays, ownerId };
  const created = await manager.call<{ key: { id: string } }>('POST', `${orgPath}/keys`, body);
  const { id } = created.key;
  await age(db, id, key);
  if (key.revoked === undefined) return;
  const reason = encodeURIComponent(key.revoked);
  await manager.call('DELETE', `${orgPath}/keys/${id}?reason=${reason}`);
}

/** As if somebody had waited, and used the key meanwhile. */
async function age(db: Client, id: string, key: PlannedKey): Promise<void> {
  const { ageDays, usesPerDay, lastUsedHours } = key;
  await db.query(
    `UPDATE api_keys SET created_at = created_at - passed, expires_at = expires_at - passed
     FROM make_interval(days => $2) AS passed WHERE id = $1`,
    [id, ageDays],
  );
  if (usesPerDay === undefined || lastUsedHours === undefined) return;
  // Fewer at the weekend, and never twice the same.
  await db.query(
    `INSERT INTO key_usage_days (key_id, day, uses)
     SELECT $1, day, 1 + round($4::float8 * (0.7 + 0.6 * random())
       * CASE WHEN extract(isodow FROM day) > 5 THEN 0.3 ELSE 1 END)
     FROM generate_series($2::int, $3::int) i, LATERAL (SELECT (now() AT TIME ZONE 'UTC')::date - i AS day)`,
    [id, Math.ceil(lastUsedHours / 24), Math.min(ageDays, daysShown) - 1, usesPerDay],
  );
  await db.query(
    `INSERT INTO key_usage (key_id, uses, last_used_at, last_ip, last_user_agent)
     SELECT $1, sum(uses), now() - make_interval(secs => 3600 * $2::float8), '203.0.113.24', 'demo/1.0'
     FROM key_usage_days WHERE key_id = $1`,
    [id, lastUsedHours],
  );
}
