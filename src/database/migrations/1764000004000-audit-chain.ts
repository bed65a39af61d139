import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `
  -- No foreign key: it would keep nobody from tampering, and the verifier looks for lost events.
  CREATE TABLE audit_chain (
    seq bigint PRIMARY KEY,
    event_id text COLLATE "C" NOT NULL UNIQUE,
    hash bytea NOT NULL
  );

  CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
  ALTER TABLE audit_chain ENABLE ALWAYS TRIGGER audit_chain_append_only;
`;

/** Must match src/audit/chain.ts. It never changes: old hashes would no longer match. */
const functions = `
  -- Appends one event. The caller sees to it that nobody else appends meanwhile.
  CREATE FUNCTION audit_chain_append(event audit_events) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
  DECLARE
    last audit_chain;
    content text;
  BEGIN
    SELECT * INTO last FROM audit_chain ORDER BY seq DESC LIMIT 1;
    SELECT string_agg(coalesce(octet_length(field) || ':' || field, '-'), '' ORDER BY place)
      INTO content
      FROM unnest(ARRAY[
        event.id, event.org_id, trim_scale(extract(epoch FROM event.at) * 1000)::text,
        event.actor_org_id, event.actor_user_id, event.actor_key_id, event.action, event.target_id,
        event.before::text, event.after::text, event.ip, event.user_agent, event.request_id
      ]) WITH ORDINALITY AS fields (field, place);
    INSERT INTO audit_chain VALUES (
      coalesce(last.seq, 0) + 1,
      event.id,
      sha256(coalesce(last.hash, sha256('keyfence audit chain')) || convert_to(content, 'UTF8')));
  END $$;
  REVOKE EXECUTE ON FUNCTION audit_chain_append FROM PUBLIC;

  -- The head's lock first, as in every deferred trigger: it keeps appends one behind the other.
  CREATE FUNCTION audit_chain_record() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    PERFORM auth_advance();
    PERFORM audit_chain_append(NEW);
    RETURN NULL;
  END $$;
`;

/** The trigger comes first: its lock on the table prevents nodes from adding events meanwhile. */
const start = `
  CREATE CONSTRAINT TRIGGER audit_events_chain AFTER INSERT ON audit_events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain_record();
  ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_chain;

  DO $$
  DECLARE
    event audit_events;
  BEGIN
    FOR event IN SELECT * FROM audit_events ORDER BY at, id LOOP
      PERFORM audit_chain_append(event);
    END LOOP;
  END $$;
`;

/** Chains every audit event to the one before it, so that tampering can be seen. */
export class AuditChain1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await runner.query(functions);
    await runner.query(start);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER audit_events_chain ON audit_events;
      DROP FUNCTION audit_chain_record, audit_chain_append;
      DROP TABLE audit_chain;
    `);
  }
}
