import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Watches the existing keys. A transaction of its own: the one that changes the table locks everybody
 * out. Keys that have expired already get no reminder.
 */
export class WatchKeys1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO expiry_watch (key_id, due_at)
      SELECT id, (
        SELECT min(due_at)
        FROM expiry_reminders(k.expires_at, extract(epoch FROM k.expires_at - k.created_at))
      )
      FROM api_keys k WHERE revoked_at IS NULL AND expires_at > now()
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM expiry_watch');
  }
}
