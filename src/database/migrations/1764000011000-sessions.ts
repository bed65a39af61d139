import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions of the console, and the sign-in links that begin them. */
export class Sessions1764000011000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One that has ended is removed. Tokens are random enough that their hash needs no secret.
      CREATE TABLE sessions (
        id text COLLATE "C" PRIMARY KEY,
        token_hash bytea NOT NULL UNIQUE,
        user_id text COLLATE "C" NOT NULL REFERENCES users (id),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        -- About when it was last used.
        seen_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX sessions_user ON sessions (user_id);

      -- One for each user at the most.
      CREATE TABLE sign_in_links (
        user_id text COLLATE "C" PRIMARY KEY REFERENCES users (id),
        token_hash bytea NOT NULL UNIQUE,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );

      -- Reactivating a user must not bring their sessions back. A trigger, so that hand-written SQL is
      -- covered.
      CREATE FUNCTION end_sessions() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        DELETE FROM sessions WHERE user_id = NEW.id;
        DELETE FROM sign_in_links WHERE user_id = NEW.id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER users_sessions AFTER UPDATE ON users
        FOR EACH ROW WHEN (NEW.status <> 'active') EXECUTE FUNCTION end_sessions();
      ALTER TABLE users ENABLE ALWAYS TRIGGER users_sessions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER users_sessions ON users;
      DROP FUNCTION end_sessions;
      DROP TABLE sessions, sign_in_links;
    `);
  }
}
