import type { Pool } from 'pg';
import type { Organisation } from './organisation.js';

/** The number of the next key: those of one process differ. */
let next = 1;

/**
 * Adds keys of the manager, or of somebody else, that nobody has the secrets of: many names, creations
 * and expiries are the same, and some never expire.
 */
export async function insertKeys(
  db: Pool,
  org: Organisation,
  keys: number,
  ownerId = org.manager.userId,
): Promise<void> {
  const [first, last] = [next, next + keys - 1];
  next += keys;
  await db.query(
    `INSERT INTO api_keys (id, org_id, owner_id, name, scope, created_at, expires_at)
     SELECT 'key_' || lpad(i::text, 26, '0'), $1, $2, 'Key ' || i % 997, 'read',
       now() - i % 1009 * interval '1 minute',
       CASE WHEN i % 10 > 0 THEN now() + (1 + i % 89) * interval '1 day' END
     FROM generate_series($3::int, $4::int) i`,
    [org.id, ownerId, first, last],
  );
  await db.query(
    `INSERT INTO key_secrets (id, key_id, hash, hash_key, mask)
     SELECT 'sec_' || lpad(i::text, 26, '0'), 'key_' || lpad(i::text, 26, '0'),
       sha256(i::text::bytea), (SELECT fingerprint FROM hash_keys), 'kf_aaaa…bbbb'
     FROM generate_series($1::int, $2::int) i`,
    [first, last],
  );
  await db.query('VACUUM ANALYZE');
}

interface ManyKeys {
  orgId: string;
  ownerId: string;
  createdBy?: string;
  count: number;
  /** When they expire, as SQL. */
  expires?: string;
  /** Lists show keys without one, and nothing of a secret. */
  hasSecrets?: boolean;
}

/**
 * Adds keys that were created a minute after each other, the newest just now. They are missing in the
 * history, which would take most of the time.
 *
 * @returns their ids, the oldest first
 */
export async function insertManyKeys(
  db: Pool,
  { orgId, ownerId, createdBy, count, expires = 'NULL', hasSecrets = true }: ManyKeys,
): Promise<string[]> {
  const { rows: triggers } = await db.query<{ on: string; off: string }>(
    `SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS off,
       format('ALTER TABLE %s ENABLE %s TRIGGER %I', tgrelid::regclass,
         CASE tgenabled WHEN 'A' THEN 'ALWAYS' END, tgname) AS on
     FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('api_keys'::regclass, 'key_secrets'::regclass)`,
  );
  for (const { off } of triggers) await db.query(off);
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO api_keys
       (id, org_id, owner_id, created_by_key_id, name, scope, created_at, expires_at)
     SELECT 'key_0' || left(md5(random()::text || i), 25), $1, $2, $3, 'made ' || i, 'read',
       now() - ($4 - i) * interval '1 minute', ${expires}
     FROM generate_series(1, $4::int) i RETURNING id`,
    [orgId, ownerId, createdBy, count],
  );
  const ids = rows.map(({ id }) => id);
  await db.query(
    `INSERT INTO key_secrets (id, key_id, hash, hash_key, mask)
     SELECT replace(id, 'key_', 'sec_'), id, sha256(id::bytea),
       (SELECT fingerprint FROM hash_keys), 'kf_aaaa…bbbb'
     FROM unnest($1::text[]) AS id WHERE $2`,
    [ids, hasSecrets],
  );
  for (const { on } of triggers) await db.query(on);
  return ids;
}
