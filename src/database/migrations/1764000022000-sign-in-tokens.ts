import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sign-in links, a new one of which does not end the others, and how often they are mailed. */
export class SignInTokens1764000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Replaces sign_in_links, which has at most one for each user: there a new link ends the previous
      -- one. Nodes of the previous release continue to use that table.
      CREATE TABLE sign_in_tokens (
        token_hash bytea PRIMARY KEY,
        user_id text COLLATE "C" NOT NULL REFERENCES users (id),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX sign_in_tokens_user ON sign_in_tokens (user_id);

      -- When the last three mails to an address were requested, whether or not anybody has it. The
      -- address is stored as a hash, and removed after a quarter of an hour.
      CREATE TABLE sign_in_mails (
        address_hash bytea PRIMARY KEY,
        last_at timestamptz(3) NOT NULL,
        second_last_at timestamptz(3),
        third_last_at timestamptz(3)
      );
      CREATE INDEX sign_in_mails_last ON sign_in_mails (last_at);

      -- As for sessions: reactivating a user must not bring their links back.
      CREATE FUNCTION end_sign_in_tokens() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        DELETE FROM sign_in_tokens WHERE user_id = NEW.id;
        RETURN NULL;
      END $$;
      REVOKE EXECUTE ON FUNCTION end_sign_in_tokens FROM PUBLIC;
      CREATE TRIGGER users_sign_in_tokens AFTER UPDATE ON users
        FOR EACH ROW WHEN (NEW.status <> 'active') EXECUTE FUNCTION end_sign_in_tokens();
      ALTER TABLE users ENABLE ALWAYS TRIGGER users_sign_in_tokens;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER users_sign_in_tokens ON users;
      DROP FUNCTION end_sign_in_tokens;
      DROP TABLE sign_in_tokens, sign_in_mails;
    `);
  }
}
