import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long keys of services may live that verify keys, and do nothing else. */
export class ServiceKeys1764000026200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE installation
        -- Null: as the policy of the operator organisation says.
        ADD COLUMN service_key_max_lifetime_days integer CHECK (service_key_max_lifetime_days > 0),
        ADD COLUMN service_keys_may_not_expire boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE installation
        DROP COLUMN service_key_max_lifetime_days, DROP COLUMN service_keys_may_not_expire;
    `);
  }
}
