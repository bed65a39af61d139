import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When keys were used, and how often. No decision about a key depends on it, so it is no part of the
 * history. There are no foreign keys to the keys: those would lock their rows, which are never removed
 * anyway.
 */
export class KeyUsage1764000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A row changes every few seconds while its key is in use; with room on the page, indexes do not.
      CREATE TABLE key_usage (
        key_id text COLLATE "C" PRIMARY KEY,
        uses bigint NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        -- Of the last use, where they are known.
        last_ip text COLLATE "C",
        last_user_agent text COLLATE "C"
      ) WITH (fillfactor = 70);

      CREATE TABLE key_usage_days (
        key_id text COLLATE "C",
        -- In UTC.
        day date,
        uses bigint NOT NULL,
        PRIMARY KEY (key_id, day)
      ) WITH (fillfactor = 70);

      -- Which flushes of each process are counted. Those that followed each other are one range, so a
      -- process is one small row for ever, and a job that comes back after a year still counts once.
      CREATE TABLE usage_processes (
        id uuid PRIMARY KEY,
        counted int4multirange NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_processes, key_usage_days, key_usage');
  }
}
