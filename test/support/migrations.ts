import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Migrates as the service does: all of it or nothing. */
export async function migrate(
  runner: QueryRunner,
  migration: MigrationInterface,
  way: 'up' | 'down',
): Promise<void> {
  await runner.startTransaction();
  try {
    await migration[way](runner);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}
