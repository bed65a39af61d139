import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isTime } from './readable.js';

/**
 * When a webhook was last sent a test event. Nodes of the previous release ignore it, and send any
 * number.
 */
export class WebhookPings1764000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhooks ADD COLUMN pinged_at timestamptz
        CONSTRAINT webhooks_pinged_at_readable CHECK (${isTime('pinged_at')});
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhooks DROP COLUMN pinged_at');
  }
}
