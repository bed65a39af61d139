import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mails to operators about what nobody else looks after. A worker of the previous release finds nothing
 * to send in one and ends it as obsolete.
 */
export class Notices1764000023000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE deliveries
        DROP CONSTRAINT deliveries_subject,
        ADD COLUMN notice jsonb,
        -- Not looked up in what is there already: that would hold up everybody else meanwhile.
        ADD CONSTRAINT deliveries_subject CHECK (CASE channel
          WHEN 'email' THEN event IS NULL AND num_nonnulls(key_id, digest_day, notice) = 1
          WHEN 'webhook' THEN event IS NOT NULL AND digest_day IS NULL AND notice IS NULL
          ELSE false
        END) NOT VALID;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM deliveries WHERE notice IS NOT NULL;
      ALTER TABLE deliveries DROP CONSTRAINT deliveries_subject, DROP COLUMN notice,
        ADD CONSTRAINT deliveries_subject CHECK (CASE channel
          WHEN 'email' THEN event IS NULL AND (key_id IS NULL) <> (digest_day IS NULL)
          WHEN 'webhook' THEN event IS NOT NULL AND digest_day IS NULL
          ELSE false
        END);
    `);
  }
}

/** A transaction of its own: nobody waits for it. */
export class ValidateNotices1764000023100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries VALIDATE CONSTRAINT deliveries_subject');
  }

  async down(): Promise<void> {
    // The check itself is removed with the migration that made it.
  }
}
