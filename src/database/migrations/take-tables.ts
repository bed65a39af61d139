/**
 * Locks all tables, or none and tries again a second later, as SQL: everybody who wants to read a table
 * waits behind this, and a running dump can hold them for an hour.
 */
export const takeTables = (tables: readonly string[]) => `
  DO $$
  BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    FOR attempt IN 1 .. 120 LOOP
      BEGIN
        LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE;
        RETURN;
      EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
        PERFORM pg_sleep(1);
      END;
    END LOOP;
    RAISE EXCEPTION 'The tables are in use all the time, by a dump or a long transaction. Start again when it is over.'
      USING ERRCODE = 'lock_not_available';
  END $$;
`;
