/**
 * A patch of the database: numbers come from a sequence, and the head is the greatest that can be
 * seen, so nobody waits for anybody else's commit.
 */
export const sequence = `
  ALTER TABLE auth_head RENAME TO auth_identity;
  CREATE VIEW auth_head AS
    SELECT coalesce((SELECT max(n) FROM auth_log), 0) AS n, epoch, single FROM auth_identity;
  CREATE SEQUENCE auth_numbers;
  SELECT setval('auth_numbers', n + 1) FROM auth_head;
  GRANT ALL ON auth_head, auth_numbers TO PUBLIC;

  CREATE OR REPLACE FUNCTION auth_advance() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    number bigint := nullif(current_setting('auth.number', true), '');
  BEGIN
    IF number IS NULL THEN
      number := nextval('auth_numbers');
      PERFORM set_config('auth.number', number::text, true);
      INSERT INTO auth_log VALUES (number, 'advance', '');
    END IF;
    RETURN number;
  END $$;
`;
