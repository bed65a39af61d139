import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditStamp } from './audit-stamp.js';

/** All actions that this release and earlier ones record. */
export const stampedActions = [
  'org.created',
  'org.renamed',
  'org.grants_changed',
  'org.suspended',
  'org.resumed',
  'org.policy_changed',
  'org.bounds_changed',
  'user.created',
  'user.deactivated',
  'user.reactivated',
  'user.identity_bound',
  'session.created',
  'session.ended',
  'member.added',
  'member.changed',
  'member.removed',
  'key.created',
  'key.changed',
  'key.revoked',
  'key.expired',
  'delivery.retried',
  'job.retried',
  'webhook.created',
  'webhook.changed',
  'webhook.secret_rotated',
  'webhook.removed',
  'database.restored',
];

/** Sets the time of audit events, and refuses unreadable ones. Nodes leave the time out. */
export class StampedEvents1764000024100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(auditStamp(stampedActions));
    await runner.query(`
      CREATE TRIGGER audit_events_stamp BEFORE INSERT ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_event_stamp();
      ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_stamp;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER audit_events_stamp ON audit_events;
      DROP FUNCTION audit_event_stamp;
    `);
  }
}
