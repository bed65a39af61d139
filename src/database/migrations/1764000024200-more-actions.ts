import type { MigrationInterface, QueryRunner } from 'typeorm';
import { stampedActions } from './1764000024100-stamped-events.js';
import { auditStamp } from './audit-stamp.js';

/** All actions up to this migration. */
export const moreActions = [
  ...stampedActions,
  'user.link_made',
  'user.identity_unbound',
  'user.identity_allowed',
  'webhook.pinged',
];

/** Lets nodes record links that were made, accounts at a provider, and test events. */
export class MoreActions1764000024200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(auditStamp(moreActions));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(auditStamp(stampedActions));
  }
}
