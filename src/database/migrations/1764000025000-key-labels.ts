import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people note about keys. No decision depends on it, so that it is no part of the history, whose
 * triggers name the columns that they watch. Nodes of the release before neither read nor write it.
 */
export class KeyLabels1764000025000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD COLUMN description text,
        ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
        -- Not looked up in the existing rows, which all have the default: everybody waits for this.
        ADD CONSTRAINT api_keys_tags_readable CHECK (
          coalesce(array_ndims(tags), 1) = 1 AND coalesce(array_lower(tags, 1), 1) = 1
          AND array_position(tags, NULL) IS NULL
        ) NOT VALID;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_keys DROP COLUMN description, DROP COLUMN tags');
  }
}

/** A transaction of its own: nobody waits for it. */
export class ValidateKeyLabels1764000025100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_keys VALIDATE CONSTRAINT api_keys_tags_readable');
  }

  async down(): Promise<void> {
    // The check itself is removed with the migration that made it.
  }
}
