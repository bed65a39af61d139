import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the product is called, and what data permissions mean. The release before leaves it out. */
export class Appearance1764000029000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE installation
         ADD COLUMN product_name text,
         ADD COLUMN logo text,
         ADD COLUMN scope_texts jsonb,
         ADD COLUMN data_permissions jsonb NOT NULL DEFAULT '[]'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE installation DROP COLUMN product_name, DROP COLUMN logo, DROP COLUMN scope_texts,
         DROP COLUMN data_permissions`,
    );
  }
}
