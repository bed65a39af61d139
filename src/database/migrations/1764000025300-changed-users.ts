import type { MigrationInterface, QueryRunner } from 'typeorm';
import { moreActions } from './1764000024200-more-actions.js';
import { auditStamp } from './audit-stamp.js';

const triggers = { users_sessions: 'end_sessions', users_sign_in_tokens: 'end_sign_in_tokens' };

/** Replaces the triggers that end sessions and sign-in links of a user. */
const endWhen = (condition: string): string =>
  Object.entries(triggers)
    .map(
      ([name, run]) => `
        CREATE OR REPLACE TRIGGER ${name} AFTER UPDATE ON users
          FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION ${run}();
        ALTER TABLE users ENABLE ALWAYS TRIGGER ${name};`,
    )
    .join('\n');

const isDeactivated = `NEW.status <> 'active'`;

/**
 * Another e-mail address ends what the old one led to: the sessions and the sign-in links of the user.
 * Triggers, so that hand-written SQL is covered. And lets nodes record changes of users.
 */
export class ChangedUsers1764000025300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(endWhen(`${isDeactivated} OR OLD.email IS DISTINCT FROM NEW.email`));
    await runner.query(auditStamp([...moreActions, 'user.changed']));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(endWhen(isDeactivated));
    await runner.query(auditStamp(moreActions));
  }
}
