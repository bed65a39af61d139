import type { MigrationInterface, QueryRunner } from 'typeorm';
import { moreActions } from './1764000024200-more-actions.js';
import { auditStamp } from './audit-stamp.js';
import { takeTables } from './take-tables.js';

/** The columns of a key that decisions depend on, before this migration. */
const watched = [
  'id',
  'org_id',
  'owner_id',
  'name',
  'scope',
  'permissions',
  'allowed_ips',
  'expires_at',
  'revoked_at',
];

/** A trigger cannot be given another condition: it is replaced, under the lock on the table. */
function watch(columns: readonly string[]): string {
  const changed = columns.map((name) => `OLD.${name} IS DISTINCT FROM NEW.${name}`).join(' OR ');
  return `
    DROP TRIGGER api_keys_history_update ON api_keys;
    CREATE CONSTRAINT TRIGGER api_keys_history_update AFTER UPDATE ON api_keys
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (${changed})
      EXECUTE FUNCTION auth_record('key', 'id');
    ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_history_update;
  `;
}

/** Keys that hold no management permission. Nodes of the previous release create keys without it. */
export class DataOnlyKeys1764000026000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(takeTables(['api_keys']));
    await runner.query(`
      ALTER TABLE api_keys ADD COLUMN management boolean NOT NULL DEFAULT true;
      ${watch([...watched, 'management'])}
    `);
  }

  /** @throws while there are keys that only this column restricts */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      LOCK TABLE api_keys;
      DO $$ BEGIN
        IF EXISTS (SELECT FROM api_keys WHERE NOT management AND permissions IS NULL AND revoked_at IS NULL) THEN
          RAISE EXCEPTION 'there are data-only keys without a list: revoke them first';
        END IF;
      END $$;
      ${watch(watched)}
      ALTER TABLE api_keys DROP COLUMN management;
    `);
  }
}

/** Settings of the whole installation. On a new database all nodes are of this release or a later one. */
export class Installation1764000026100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE installation (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        -- Whether every node judges api_keys.management.
        knows_data_only_keys boolean NOT NULL
      );
      INSERT INTO installation (knows_data_only_keys) SELECT NOT EXISTS (SELECT FROM organisations);
    `);
    await runner.query(auditStamp([...moreActions, 'user.changed', 'installation.changed']));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(auditStamp([...moreActions, 'user.changed']));
    await runner.query('DROP TABLE installation');
  }
}
