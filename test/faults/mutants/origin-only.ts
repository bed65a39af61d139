/** A patch of the database: changes of a session that says that it only applies those of elsewhere. */
export const originOnly = `ALTER TABLE api_keys ENABLE TRIGGER api_keys_history_update`;
