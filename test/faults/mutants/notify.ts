/** A patch of the database: it sends word of each change to those who listen. */
export const notify = `
  CREATE FUNCTION auth_notify() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NOTIFY auth_log;
    RETURN NULL;
  END $$;
  CREATE TRIGGER notify AFTER INSERT ON auth_log EXECUTE FUNCTION auth_notify();
`;
