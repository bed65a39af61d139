import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Members whose keys are to be revoked, all that they had when somebody asked for it. The release before
 * does not know the table, and does nothing with it.
 */
export class KeyRevocations1764000030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_revocations (
        org_id text COLLATE "C",
        user_id text COLLATE "C",
        asked_at timestamptz(3) NOT NULL DEFAULT now(),
        -- When the newest of the keys was created. Later ones stay.
        created_until timestamptz(3) NOT NULL,
        -- Who asked for it last, and from where, as the audit log has it.
        asked_by_org_id text COLLATE "C",
        asked_by_user_id text COLLATE "C",
        asked_by_key_id text COLLATE "C",
        ip text,
        user_agent text,
        request_id text NOT NULL,
        reason text,
        -- When keys of it were last revoked, and by which process.
        worked_at timestamptz,
        worker uuid,
        CONSTRAINT key_revocations_pkey PRIMARY KEY (org_id, user_id),
        -- With the membership all keys end: see ended_memberships.
        CONSTRAINT key_revocations_membership FOREIGN KEY (org_id, user_id)
          REFERENCES memberships (org_id, user_id) ON DELETE CASCADE
      );
    `);
  }

  /** @throws while there are keys that somebody wants to be revoked */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      LOCK TABLE key_revocations;
      DO $$ BEGIN
        IF EXISTS (SELECT FROM key_revocations) THEN
          RAISE EXCEPTION 'keys of members are still to be revoked: let a worker run first';
        END IF;
      END $$;
      DROP TABLE key_revocations;
    `);
  }
}
