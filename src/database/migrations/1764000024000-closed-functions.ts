import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All functions that run as the owner of the tables. PostgreSQL lets everybody call a new one. */
const functions =
  'auth_advance, auth_note, auth_record, audit_chain_record, expiry_changed, end_sessions, ' +
  'membership_ended, membership_begun';

/** Functions that were left open: anyone who may run one can make it a trigger of a table of their own. */
const open = 'auth_record, audit_chain_record, expiry_changed, end_sessions';

/**
 * Lets nobody but the owner use functions that run as the owner. Existing triggers continue to work,
 * no matter who changes their table: the privilege is checked when a trigger is created. But a role that
 * could use such a function for a temporary table, with columns of a type whose casts are its own
 * functions, could run those as the owner.
 */
export class ClosedFunctions1764000024000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE EXECUTE ON FUNCTION ${functions} FROM PUBLIC`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`GRANT EXECUTE ON FUNCTION ${open} TO PUBLIC`);
  }
}
