/** A patch of the database: the history does not see what is written. */
export const noTriggers = `
  CREATE OR REPLACE FUNCTION auth_record() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RETURN NULL; END'`;
