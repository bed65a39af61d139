import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How often clients failed to authenticate, for a few minutes. No decision about a key depends on it,
 * so it is no part of the history.
 */
export class FailedAuthentications1764000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE failed_authentications (
        window_start timestamptz(3),
        -- An IPv4 address, or a /64 of IPv6. Nothing of what was presented.
        client text COLLATE "C",
        failures int NOT NULL,
        PRIMARY KEY (window_start, client)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE failed_authentications');
  }
}
