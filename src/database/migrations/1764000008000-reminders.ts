import type { MigrationInterface, QueryRunner } from 'typeorm';

const lookout = `
  -- Seconds that the key was made for: infinite without an expiry, null for keys that are older than
  -- this column and have the expiry that they were made with.
  ALTER TABLE api_keys ADD COLUMN lifetime double precision;

  -- When to look at a key again. Rows are only added, so that whoever changes a key waits for nobody;
  -- a key may have several.
  CREATE TABLE expiry_watch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL
  );
  CREATE INDEX expiry_watch_due ON expiry_watch (due_at);

  -- The reminders of an expiry: days before it, and when. A day has 24 hours, also where clocks change.
  CREATE FUNCTION expiry_reminders(expires_at timestamptz, lifetime double precision)
    RETURNS TABLE (threshold integer, due_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT days, expires_at - make_interval(hours => 24 * days)
    FROM unnest('{30, 14, 7, 1, 0}'::integer[]) AS days
    WHERE days = 0 OR days * 86400 < lifetime
  $$;

  CREATE FUNCTION expiry_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      NEW.lifetime := coalesce(extract(epoch FROM NEW.expires_at - NEW.created_at), 'infinity');
    ELSE
      NEW.lifetime := coalesce(OLD.lifetime,
        extract(epoch FROM OLD.expires_at - OLD.created_at), 'infinity');
    END IF;
    IF NEW.expires_at IS NOT NULL THEN
      INSERT INTO expiry_watch (key_id, due_at)
        SELECT NEW.id, min(due_at) FROM expiry_reminders(NEW.expires_at, NEW.lifetime);
    END IF;
    RETURN NEW;
  END $$;
  -- Triggers, so that hand-written SQL is covered.
  CREATE TRIGGER api_keys_expiry BEFORE INSERT ON api_keys
    FOR EACH ROW EXECUTE FUNCTION expiry_changed();
  CREATE TRIGGER api_keys_expiry_update BEFORE UPDATE ON api_keys
    FOR EACH ROW WHEN (OLD.expires_at IS DISTINCT FROM NEW.expires_at)
    EXECUTE FUNCTION expiry_changed();
  ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_expiry;
  ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_expiry_update;
`;

// No foreign keys to the keys: those would lock their rows, which are never removed anyway.
const rows = `
  -- What was due, once for each expiry of a key.
  CREATE TABLE reminders (
    key_id text COLLATE "C",
    expires_at timestamptz(3),
    -- Days before the expiry.
    threshold integer,
    org_id text COLLATE "C" NOT NULL,
    -- A more urgent one was due at the same time; nobody hears of this one.
    superseded boolean NOT NULL,
    -- The day (UTC) in whose digest it stands.
    digest_day date,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (key_id, expires_at, threshold)
  );
  CREATE INDEX reminders_digest ON reminders (org_id, digest_day);
  CREATE INDEX reminders_undigested ON reminders (org_id) WHERE digest_day IS NULL AND NOT superseded;

  -- What somebody is told, on one channel.
  CREATE TABLE deliveries (
    id text COLLATE "C" PRIMARY KEY,
    org_id text COLLATE "C" NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email')),
    recipient_id text COLLATE "C" NOT NULL,
    -- A reminder of one key …
    key_id text COLLATE "C",
    expires_at timestamptz(3),
    threshold integer,
    -- … or the digest of a day, and of those days before whose digests it stands for.
    digest_since date,
    digest_day date,
    state text NOT NULL DEFAULT 'waiting'
      CHECK (state IN ('waiting', 'sent', 'failed', 'superseded', 'obsolete')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    -- Of the last attempt that failed.
    reason text,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    finished_at timestamptz(3),
    CHECK ((key_id IS NULL) <> (digest_day IS NULL)),
    CONSTRAINT deliveries_one_reminder
      UNIQUE (key_id, expires_at, threshold, channel, recipient_id),
    CONSTRAINT deliveries_one_digest UNIQUE (org_id, recipient_id, channel, digest_day)
  );
  CREATE INDEX deliveries_waiting ON deliveries (next_attempt_at) WHERE state = 'waiting';
  CREATE INDEX deliveries_failed ON deliveries (id) WHERE state = 'failed';
`;

/**
 * Expiry reminders. A sweep looks only at the few keys that have something due, however many there are.
 * Reading all keys that expire within a month each minute would cost more with every key.
 */
export class Reminders1764000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(lookout);
    await runner.query(rows);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE deliveries, reminders;
      DROP TRIGGER api_keys_expiry ON api_keys;
      DROP TRIGGER api_keys_expiry_update ON api_keys;
      DROP FUNCTION expiry_changed, expiry_reminders;
      DROP TABLE expiry_watch;
      ALTER TABLE api_keys DROP COLUMN lifetime;
    `);
  }
}
