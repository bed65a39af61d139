/** A patch of the database: the history does not see that a key becomes data-only. */
export const unwatchedColumn = `
  DROP TRIGGER api_keys_history_update ON api_keys;
  CREATE CONSTRAINT TRIGGER api_keys_history_update AFTER UPDATE ON api_keys
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'management') IS DISTINCT FROM (to_jsonb(NEW) - 'management'))
    EXECUTE FUNCTION auth_record('key', 'id');
  ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_history_update`;
