import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collations whose lower case knows all letters; in a database of locale C only ASCII letters have one. */
const findCollation = `
  SELECT 'COLLATE pg_catalog.' || quote_ident(collname) AS collate FROM pg_catalog.pg_collation
  WHERE collname IN ('und-x-icu', 'pg_c_utf8') AND collnamespace = 'pg_catalog'::regnamespace
  ORDER BY collname DESC LIMIT 1`;

/**
 * The name of keys as searches find it. Nodes of this release write it themselves (`foldText`), and say
 * of which name it is. The trigger is for hand-written SQL and nodes of the release before, which rename
 * a key and leave the rest.
 *
 * Existing keys get theirs after all migrations, in small transactions: see `fillSearchNames`. No
 * decision depends on it, so it is no part of the history.
 */
export class SearchNames1764000025200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [found] = (await runner.query(findCollation)) as { collate: string }[];
    await runner.query(`
      -- A caller runs it with their own privileges. All that it calls is named with its schema.
      CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT pg_catalog.replace(
          pg_catalog.lower(pg_catalog.normalize($1, 'NFC') ${found?.collate ?? ''}), 'ς', 'σ')
      $$;

      CREATE FUNCTION api_key_search() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        NEW.search_name := public.search_fold(NEW.name);
        NEW.search_name_of := NEW.name;
        RETURN NEW;
      END $$;

      ALTER TABLE api_keys ADD COLUMN search_name text, ADD COLUMN search_name_of text;
      CREATE TRIGGER api_keys_search
        BEFORE INSERT OR UPDATE OF name, search_name, search_name_of ON api_keys
        FOR EACH ROW WHEN (NEW.search_name_of IS DISTINCT FROM NEW.name)
        EXECUTE FUNCTION api_key_search();
      ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_search;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER api_keys_search ON api_keys;
      ALTER TABLE api_keys DROP COLUMN search_name, DROP COLUMN search_name_of;
      DROP FUNCTION api_key_search, search_fold;
    `);
  }
}
