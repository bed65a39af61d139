import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks, and deliveries to them. */
export class Webhooks1764000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhooks (
        id text COLLATE "C" PRIMARY KEY,
        org_id text COLLATE "C" NOT NULL REFERENCES organisations (id),
        url text NOT NULL,
        -- Null is all, also those to come.
        events text[],
        -- Sealed: who has the database alone cannot sign.
        secret bytea NOT NULL,
        -- The one before it, which signs along until everybody knows the new one.
        previous_secret bytea,
        previous_until timestamptz,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
      );
      CREATE INDEX webhooks_org ON webhooks (org_id, id);

      ALTER TABLE deliveries
        DROP CONSTRAINT deliveries_channel_check,
        DROP CONSTRAINT deliveries_check,
        ADD COLUMN event jsonb,
        -- When it was last handed to the queue.
        ADD COLUMN queued_at timestamptz,
        ADD CONSTRAINT deliveries_subject CHECK (CASE channel
          WHEN 'email' THEN event IS NULL AND (key_id IS NULL) <> (digest_day IS NULL)
          WHEN 'webhook' THEN event IS NOT NULL AND digest_day IS NULL
          ELSE false
        END);
      CREATE INDEX deliveries_recipient ON deliveries (recipient_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE webhooks;
      DELETE FROM deliveries WHERE channel = 'webhook';
      DROP INDEX deliveries_recipient;
      ALTER TABLE deliveries DROP CONSTRAINT deliveries_subject, DROP COLUMN queued_at, DROP COLUMN event,
        ADD CHECK (channel IN ('email')), ADD CHECK ((key_id IS NULL) <> (digest_day IS NULL));
    `);
  }
}
