import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log. Rows can be added and read, but nobody can change or remove them. */
export class Audit1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_events (
        id text COLLATE "C" PRIMARY KEY,
        org_id text COLLATE "C" NOT NULL REFERENCES organisations (id),
        at timestamptz(3) NOT NULL DEFAULT now(),
        actor_org_id text COLLATE "C",
        actor_user_id text COLLATE "C",
        actor_key_id text COLLATE "C",
        action text NOT NULL,
        target_id text COLLATE "C" NOT NULL,
        before jsonb,
        after jsonb,
        ip text,
        user_agent text,
        request_id text
      );
      CREATE INDEX audit_events_by_time ON audit_events (org_id, at, id);
      CREATE INDEX audit_events_by_target ON audit_events (org_id, target_id, at, id);
      CREATE INDEX audit_events_by_user ON audit_events (org_id, actor_user_id, at, id);
      CREATE INDEX audit_events_by_key ON audit_events (org_id, actor_key_id, at, id);

      CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
      -- Also for sessions that turned ordinary triggers off (session_replication_role).
      ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_append_only;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_events; DROP FUNCTION audit_refuse_change');
  }
}
