import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { newSecret } from '../../src/common/secret.js';
import { SecretHasher } from '../../src/keys/secret-hasher.js';
import { createDatabase } from '../../test/support/environment.js';

/** Keys of one transaction. */
const chunk = 100_000;
const keysPerOrganisation = 1_000;

/** A database with keys whose secrets are known, and where these are stored. */
export interface KnownKeys {
  count: number;
  databaseUrl: string;
  /** KEYFENCE_SECRET. */
  secret: string;
  /** File of all secrets of keys, one behind the other: see `Secrets`. */
  path: string;
  remove(): Promise<void>;
}

/** Secrets in one buffer: a million strings would be work for every collection of garbage. */
export class Secrets {
  private static readonly size = newSecret('kf').length;

  private constructor(private readonly bytes: Buffer) {}

  static async read(path: string): Promise<Secrets> {
    return new Secrets(await readFile(path));
  }

  get count(): number {
    return this.bytes.length / Secrets.size;
  }

  at(index: number): string {
    return this.bytes.toString('latin1', index * Secrets.size, (index + 1) * Secrets.size);
  }
}

/** Organisations of a thousand keys each, with their members. */
async function insertOwners(db: Pool, count: number, keysPerOwner: number): Promise<void> {
  await db.query(
    `INSERT INTO organisations (id, name, slug, kind, grants)
     SELECT 'org_' || lpad(i::text, 26, '0'), 'Organisation ' || i, 'organisation-' || i, 'customer',
       ARRAY['telemetry:read', 'telemetry:write', 'telemetry:admin']
     FROM generate_series(0, ($1::int - 1) / $2::int) i`,
    [count, keysPerOrganisation],
  );
  await db.query(
    `WITH owners AS (
       INSERT INTO users (id, kind, email, name)
       SELECT 'usr_' || lpad(i::text, 26, '0'), 'person', 'ada' || i || '@example.com', 'Ada ' || i
       FROM generate_series(0, ($1::int - 1) / $2::int) i
     )
     INSERT INTO memberships (org_id, user_id, role)
     SELECT 'org_' || lpad((i * $2 / $3::int)::text, 26, '0'), 'usr_' || lpad(i::text, 26, '0'),
       'member'
     FROM generate_series(0, ($1 - 1) / $2) i`,
    [count, keysPerOwner, keysPerOrganisation],
  );
}

/** @param first the number of the first of these keys */
async function insertKeys(
  db: Pool,
  hasher: SecretHasher,
  secrets: readonly string[],
  first: number,
  keysPerOwner: number,
): Promise<void> {
  await db.query(
    `WITH given AS (
       SELECT hash, lpad(i::text, 26, '0') AS id, i FROM (
         SELECT hash, $2::int + nth - 1 AS i FROM unnest($1::bytea[]) WITH ORDINALITY h (hash, nth)
       ) h
     ), keys AS (
       INSERT INTO api_keys (id, org_id, owner_id, name, scope, expires_at)
       SELECT 'key_' || id, 'org_' || lpad((i / $4::int)::text, 26, '0'),
         'usr_' || lpad((i / $3::int)::text, 26, '0'), 'Key ' || i, 'read',
         now() + interval '90 days'
       FROM given
     )
     INSERT INTO key_secrets (id, key_id, hash, hash_key, mask)
     SELECT 'sec_' || id, 'key_' || id, hash, $5, 'kf_aaaa…bbbb' FROM given`,
    [
      secrets.map((secret) => hasher.hash(secret)),
      first,
      keysPerOwner,
      keysPerOrganisation,
      hasher.fingerprint,
    ],
  );
}

/** Creates as many keys, so many to an owner (a divisor of 1,000). */
export async function createKnownKeys(count: number, keysPerOwner: number): Promise<KnownKeys> {
  const database = await createDatabase();
  const secret = randomBytes(32).toString('hex');
  const hasher = new SecretHasher([secret]);
  const path = join(tmpdir(), `keyfence-bench-${randomBytes(5).toString('hex')}`);
  const db = new Pool({ connectionString: database.adminUrl, max: 1 });
  const secrets = Array.from({ length: count }, () => newSecret('kf'));
  await db.query('INSERT INTO hash_keys (fingerprint) VALUES ($1)', [hasher.fingerprint]);
  await insertOwners(db, count, keysPerOwner);
  for (let first = 0; first < count; first += chunk) {
    await insertKeys(db, hasher, secrets.slice(first, first + chunk), first, keysPerOwner);
  }
  await db.query('VACUUM ANALYZE');
  await db.end();
  await writeFile(path, secrets.join(''), { mode: 0o600 });
  return {
    count,
    databaseUrl: database.url,
    secret,
    path,
    remove: async () => {
      await rm(path);
      await database.drop();
    },
  };
}
