import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From where a session began, so that people recognise their own. The release before leaves it out. */
export class SessionOrigins1764000028000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN ip text, ADD COLUMN user_agent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN ip, DROP COLUMN user_agent');
  }
}
