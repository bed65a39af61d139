import type { MigrationInterface, QueryRunner } from 'typeorm';

import { moreActions } from './1764000024200-more-actions.js';
import { auditStamp } from './audit-stamp.js';

const recordedActions = [...moreActions, 'user.changed', 'installation.changed'];
const states = ['waiting', 'sent', 'failed', 'superseded', 'obsolete'];

/** Not looked up in what is there already: that would hold up everybody else meanwhile. */
const allow = (allowed: readonly string[]) => `
  ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check,
    ADD CONSTRAINT deliveries_state_check
      CHECK (state IN (${allowed.map((state) => `'${state}'`).join(', ')})) NOT VALID`;

/**
 * Who has opened an organisation in the console, and mails that were only logged. A worker of the
 * previous release finds nothing to send in an invitation and ends it as obsolete.
 */
export class Invitations1764000027000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nobody knows who of the former members has: none of them waits for an invitation.
    await runner.query(`
      ALTER TABLE memberships ADD COLUMN opened_at timestamptz DEFAULT '-infinity';
      ALTER TABLE memberships ALTER COLUMN opened_at DROP DEFAULT`);
    await runner.query(allow([...states, 'logged']));
    await runner.query(auditStamp([...recordedActions, 'member.invited']));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(auditStamp(recordedActions));
    await runner.query(`UPDATE deliveries SET state = 'sent' WHERE state = 'logged'`);
    await runner.query(allow(states));
    await runner.query('ALTER TABLE memberships DROP COLUMN opened_at');
  }
}

/** A transaction of its own: nobody waits for it. */
export class ValidateInvitations1764000027100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries VALIDATE CONSTRAINT deliveries_state_check');
  }

  async down(): Promise<void> {
    // The check itself is removed with the migration that made it.
  }
}
