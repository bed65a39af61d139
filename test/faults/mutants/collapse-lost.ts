/** A patch of the database: more references than the history notes of one transaction become none. */
export const collapseLost = `
  CREATE FUNCTION auth_lose() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN DELETE FROM auth_log WHERE n = NEW.n AND kind = ''everything''; RETURN NULL; END';
  CREATE TRIGGER lose AFTER INSERT ON auth_log FOR EACH ROW
    WHEN (NEW.kind = 'everything') EXECUTE FUNCTION auth_lose()`;
