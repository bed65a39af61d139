import type { Pool } from 'pg';
import type { Organisation } from './organisation.js';

/**
 * Adds keys of the manager that nobody has the secrets of: many names, creations and expiries are
 * the same, and some never expire.
 */
export async function insertKeys(db: Pool, org: Organisation, keys: number): Promise<void> {
  await db.query(
    `INSERT INTO api_keys (id, org_id, owner_id, name, scope, created_at, expires_at)
     SELECT 'key_' || lpad(i::text, 26, '0'), $1, $2, 'Key ' || i % 997, 'read',
       now() - i % 1009 * interval '1 minute',
       CASE WHEN i % 10 > 0 THEN now() + (1 + i % 89) * interval '1 day' END
     FROM generate_series(1, $3::int) i`,
    [org.id, org.manager.userId, keys],
  );
  await db.query(
    `INSERT INTO key_secrets (id, key_id, hash, hash_key, mask)
     SELECT 'sec_' || lpad(i::text, 26, '0'), 'key_' || lpad(i::text, 26, '0'),
       sha256(i::text::bytea), (SELECT fingerprint FROM hash_keys), 'kf_aaaa…bbbb'
     FROM generate_series(1, $1::int) i`,
    [keys],
  );
  await db.query('VACUUM ANALYZE');
}
