import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys, and their secrets in a table of their own: a key that is being rotated has two. */
export class Keys1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id text COLLATE "C" PRIMARY KEY,
        org_id text COLLATE "C" NOT NULL REFERENCES organisations (id),
        owner_id text COLLATE "C" NOT NULL REFERENCES users (id),
        name text NOT NULL,
        scope text NOT NULL CHECK (scope IN ('read', 'read-write', 'admin')),
        permissions text[] CHECK (cardinality(permissions) > 0),
        allowed_ips text[] CHECK (cardinality(allowed_ips) > 0),
        -- Cut, not rounded, to the milliseconds that expiries are computed from.
        created_at timestamptz(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
        created_by_user_id text COLLATE "C" REFERENCES users (id),
        created_by_key_id text COLLATE "C" REFERENCES api_keys (id),
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        revoked_by_user_id text COLLATE "C" REFERENCES users (id),
        revoked_by_key_id text COLLATE "C" REFERENCES api_keys (id),
        revoke_reason text
      );
      -- One index for each order of the list; each ends in the id, which makes the order total.
      CREATE INDEX api_keys_by_created ON api_keys (org_id, created_at, id);
      CREATE INDEX api_keys_by_name ON api_keys (org_id, (lower(name) COLLATE "C"), id);
      CREATE INDEX api_keys_by_expires ON api_keys (org_id, (coalesce(expires_at, 'infinity')), id);
      CREATE INDEX api_keys_by_owner ON api_keys (org_id, owner_id, created_at, id);
      CREATE INDEX api_keys_revoked ON api_keys (org_id, created_at, id) WHERE revoked_at IS NOT NULL;
      CREATE INDEX api_keys_by_creator ON api_keys (created_by_key_id) WHERE revoked_at IS NULL;

      -- Which secrets of the service (KEYFENCE_SECRET) have hashed keys, by fingerprint.
      CREATE TABLE hash_keys (
        fingerprint text PRIMARY KEY,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );

      CREATE TABLE key_secrets (
        id text COLLATE "C" PRIMARY KEY,
        key_id text COLLATE "C" NOT NULL REFERENCES api_keys (id),
        hash bytea NOT NULL CONSTRAINT key_secrets_hash_key UNIQUE,
        hash_key text NOT NULL REFERENCES hash_keys (fingerprint),
        mask text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX key_secrets_key ON key_secrets (key_id);
      CREATE INDEX key_secrets_hash_key_used ON key_secrets (hash_key);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE key_secrets, hash_keys, api_keys');
  }
}
