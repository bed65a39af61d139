import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The responses of creating calls with an `Idempotency-Key`. No decision about a key depends on them,
 * so they are no part of the history.
 */
export class Idempotency1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        -- Who sent the key: two principals never meet, whatever keys they choose.
        principal_id text COLLATE "C",
        key text COLLATE "C",
        fingerprint bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        -- The standing that the call was made with.
        role text,
        -- json, not jsonb, keeps the order of the fields. Never holds a secret.
        body json,
        auth_seq bigint,
        PRIMARY KEY (principal_id, key)
      );
      CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

      -- The number of the change is known only when its transaction commits.
      CREATE FUNCTION idempotency_number() RETURNS trigger
        LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
      BEGIN
        UPDATE idempotency_keys SET auth_seq = auth_advance()
          WHERE principal_id = NEW.principal_id AND key = NEW.key;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER idempotency_keys_number AFTER INSERT ON idempotency_keys
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION idempotency_number();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys; DROP FUNCTION idempotency_number');
  }
}
