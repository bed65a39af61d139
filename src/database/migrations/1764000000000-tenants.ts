import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations, users and memberships. Identifiers sort by their bytes on every server. */
export class Tenants1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisations (
        id text COLLATE "C" PRIMARY KEY,
        name text NOT NULL,
        slug text NOT NULL CONSTRAINT organisations_slug_key UNIQUE,
        kind text NOT NULL CHECK (kind IN ('operator', 'customer')),
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
        grants text[] NOT NULL DEFAULT '{}',
        default_expiry_days integer NOT NULL DEFAULT 90 CHECK (default_expiry_days > 0),
        max_lifetime_days integer NOT NULL DEFAULT 365 CHECK (max_lifetime_days >= default_expiry_days),
        allow_no_expiry boolean NOT NULL DEFAULT false,
        member_keys text NOT NULL DEFAULT 'own' CHECK (member_keys IN ('own', 'none')),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX organisations_one_operator ON organisations (kind) WHERE kind = 'operator';

      CREATE TABLE users (
        id text COLLATE "C" PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('person', 'service')),
        email text CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
        name text NOT NULL,
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deactivated')),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CHECK ((kind = 'person') = (email IS NOT NULL))
      );

      CREATE TABLE memberships (
        org_id text COLLATE "C" NOT NULL REFERENCES organisations (id),
        user_id text COLLATE "C" NOT NULL REFERENCES users (id),
        role text NOT NULL CHECK (role IN ('manager', 'member')),
        grants text[],
        display_name text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT memberships_pkey PRIMARY KEY (org_id, user_id)
      );
      CREATE INDEX memberships_user ON memberships (user_id);
      COMMENT ON COLUMN memberships.display_name IS
        'the name that a manager gave when adding the e-mail address; shown instead of the user''s own';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE memberships, users, organisations');
  }
}
