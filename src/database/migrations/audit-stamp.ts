/**
 * The trigger that checks each event before it is stored, as SQL. Every node may add events, but must
 * choose neither their time nor unknown actions.
 *
 * @param actions the known ones; the migration that adds one replaces the function
 */
export function auditStamp(actions: readonly string[]): string {
  const known = actions.map((action) => `'${action}'`).join(', ');
  return `
    CREATE OR REPLACE FUNCTION audit_event_stamp() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      -- The transaction's own time, as the column's default is.
      NEW.at := now()::timestamptz(3);
      IF NEW.id !~ '^aud_[0-9a-z]{26}$' THEN
        RAISE EXCEPTION 'this is no id of an audit event' USING ERRCODE = 'check_violation';
      END IF;
      IF NEW.action NOT IN (${known}) THEN
        RAISE EXCEPTION 'this release knows no such action' USING ERRCODE = 'check_violation';
      END IF;
      IF jsonb_typeof(NEW.before) <> 'object' OR jsonb_typeof(NEW.after) <> 'object' THEN
        RAISE EXCEPTION 'what changed is told as fields and values'
          USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$;
  `;
}
