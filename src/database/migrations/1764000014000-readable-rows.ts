import type { MigrationInterface, QueryRunner } from 'typeorm';
import { checks, isTime } from './readable.js';
import { takeTables } from './take-tables.js';

/**
 * For keys that are older than the column. Its trigger would fail on an infinite time when such a row
 * is mended. Once the checks are there, a row that violates one can only be changed into a valid one.
 */
const setLifetimes = `
  UPDATE api_keys SET lifetime = 'infinity'
  WHERE lifetime IS NULL AND NOT (${isTime('created_at')} AND ${isTime('expires_at')})`;

/**
 * Refuses rows that the service cannot read: times that are infinite or have no year of four digits,
 * and lists with null elements, of several dimensions, or that do not begin at 1. Existing rows are
 * mended next, and then the checks are validated.
 */
export class ReadableRows1764000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(setLifetimes);
    await runner.query(takeTables(checks.map(({ table }) => table)));
    for (const { table, checks: all } of checks) {
      const added = all.map(
        ({ name, condition }) => `ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID`,
      );
      await runner.query(`ALTER TABLE ${table} ${added.join(', ')}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table, checks: all } of checks) {
      const dropped = all.map(({ name }) => `DROP CONSTRAINT ${name}`);
      await runner.query(`ALTER TABLE ${table} ${dropped.join(', ')}`);
    }
  }
}
