import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * Three transactions: a change waits for the organisation's table first and for that of the keys then.
 * One transaction that locks both in the other order, or one of them more strongly later, would
 * deadlock with it.
 */

/** How many live keys an organisation and each of its members may have. */
export class KeyBounds1764000016000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Nodes of the previous release insert organisations without them.
      ALTER TABLE organisations
        ADD COLUMN max_keys_per_member integer NOT NULL DEFAULT 1000 CHECK (max_keys_per_member > 0),
        ADD COLUMN max_keys_per_org integer NOT NULL DEFAULT 10000 CHECK (max_keys_per_org > 0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE organisations DROP COLUMN max_keys_per_member, DROP COLUMN max_keys_per_org;
    `);
  }
}

/** Finds the live keys of a member, and the keys that were created with a key. */
export class LiveKeys1764000016001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Keys that have expired are passed over, however many there are. The included column is all that
      -- keeps the rows themselves from being read.
      CREATE INDEX api_keys_live_by_owner
        ON api_keys (org_id, owner_id, (coalesce(expires_at, 'infinity'))) INCLUDE (expires_at)
        WHERE revoked_at IS NULL;
      CREATE INDEX api_keys_live_by_creator
        ON api_keys (created_by_key_id, (coalesce(expires_at, 'infinity')))
        WHERE revoked_at IS NULL AND created_by_key_id IS NOT NULL;
      CREATE INDEX api_keys_created_by ON api_keys (org_id, created_by_key_id, created_at, id)
        WHERE created_by_key_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX api_keys_live_by_owner, api_keys_live_by_creator, api_keys_created_by',
    );
  }
}

/** Removes what `api_keys_live_by_creator` replaces. */
export class KeysByCreator1764000016002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX api_keys_by_creator');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX api_keys_by_creator ON api_keys (created_by_key_id) WHERE revoked_at IS NULL',
    );
  }
}
