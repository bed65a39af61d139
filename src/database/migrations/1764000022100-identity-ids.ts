import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isTime } from './readable.js';

/** Accounts at identity providers can be named, taken from their users, and barred. */
export class IdentityIds1764000022100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Here, since nodes of the release before insert accounts without an id. A TypeID over a random UUID, as
      -- for users: the alphabet is that of the specification.
      CREATE FUNCTION new_identity_id() RETURNS text
        LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
        SELECT 'idn_' || string_agg(
          substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + substring(bits FROM 1 + 5 * i FOR 5)::integer, 1),
          '' ORDER BY i)
        FROM (
          SELECT B'00' || ('x' || replace(gen_random_uuid()::text, '-', ''))::bit(128) AS bits
        ) AS uuid, generate_series(0, 25) AS i
      $$;
      ALTER TABLE identities
        ADD COLUMN id text COLLATE "C" NOT NULL DEFAULT new_identity_id() CONSTRAINT identities_id_key UNIQUE;
      UPDATE identities SET created_at = now() WHERE NOT (${isTime('created_at')});
      ALTER TABLE identities ADD CONSTRAINT identities_created_at_readable CHECK (${isTime('created_at')});

      -- Accounts that were taken from a user, and are not to be bound to them again.
      CREATE TABLE barred_identities (
        user_id text COLLATE "C" NOT NULL REFERENCES users (id),
        issuer text COLLATE "C" NOT NULL,
        subject text COLLATE "C" NOT NULL,
        -- As it was while the account was bound.
        id text COLLATE "C" NOT NULL UNIQUE,
        created_at timestamptz(3) NOT NULL
          CONSTRAINT barred_identities_created_at_readable CHECK (${isTime('created_at')}),
        barred_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, issuer, subject)
      );

      -- A trigger, so that nodes of the release before are covered. The row is left out, as for one that is there.
      CREATE FUNCTION keep_barred_out() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF EXISTS (
          SELECT FROM barred_identities b
          WHERE b.user_id = NEW.user_id AND b.issuer = NEW.issuer AND b.subject = NEW.subject
        ) THEN
          RETURN NULL;
        END IF;
        RETURN NEW;
      END $$;
      REVOKE EXECUTE ON FUNCTION keep_barred_out FROM PUBLIC;
      CREATE TRIGGER identities_barred BEFORE INSERT ON identities
        FOR EACH ROW EXECUTE FUNCTION keep_barred_out();
      ALTER TABLE identities ENABLE ALWAYS TRIGGER identities_barred;
    `);
  }

  /** @throws while an account is barred: it could be bound again */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      LOCK TABLE barred_identities;
      DO $$ BEGIN
        IF EXISTS (SELECT FROM barred_identities) THEN
          RAISE EXCEPTION 'accounts at the identity provider are barred: allow them first';
        END IF;
      END $$;
      DROP TRIGGER identities_barred ON identities;
      DROP FUNCTION keep_barred_out;
      DROP TABLE barred_identities;
      ALTER TABLE identities DROP CONSTRAINT identities_created_at_readable, DROP COLUMN id;
      DROP FUNCTION new_identity_id;
    `);
  }
}
