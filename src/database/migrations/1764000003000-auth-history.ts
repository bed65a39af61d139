import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
  CREATE TABLE auth_head (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    n bigint NOT NULL,
    epoch uuid NOT NULL,
    xid xid8
  );
  INSERT INTO auth_head (n, epoch) VALUES (0, gen_random_uuid());

  CREATE TABLE auth_log (
    n bigint,
    kind text COLLATE "C",
    reference text COLLATE "C",
    PRIMARY KEY (n, kind, reference)
  );
`;

const functions = `
  -- Takes the number of this transaction, under the lock on the head that all changes share.
  CREATE FUNCTION auth_advance() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    number bigint;
  BEGIN
    IF current_setting('synchronous_commit') IN ('off', 'local') THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    UPDATE auth_head SET n = n + 1, xid = pg_current_xact_id()
      WHERE xid IS DISTINCT FROM pg_current_xact_id() RETURNING n INTO number;
    IF number IS NULL THEN
      RETURN (SELECT n FROM auth_head);
    END IF;
    -- Every number has a row, so that a reader can tell that it missed none.
    INSERT INTO auth_log VALUES (number, 'advance', '');
    DELETE FROM auth_log WHERE n <= number - 10000;
    RETURN number;
  END $$;

  -- Notes one reference under the transaction's number; more than 1,000 become one row.
  CREATE FUNCTION auth_note(number bigint, new_kind text, new_reference text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF EXISTS (SELECT FROM auth_log WHERE n = number AND kind = 'everything') THEN
      RETURN;
    END IF;
    INSERT INTO auth_log VALUES (number, new_kind, new_reference) ON CONFLICT DO NOTHING;
    IF (SELECT count(*) FROM auth_log WHERE n = number) > 1001 THEN
      DELETE FROM auth_log WHERE n = number AND kind <> 'advance';
      INSERT INTO auth_log VALUES (number, 'everything', '');
    END IF;
  END $$;

  -- Arguments: the kind, then the columns that the reference is made of.
  CREATE FUNCTION auth_record() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    number bigint := auth_advance();
    row_before jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
    row_after jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
    side jsonb;
  BEGIN
    FOREACH side IN ARRAY ARRAY[row_before, row_after] LOOP
      IF side IS NOT NULL THEN
        PERFORM auth_note(number, TG_ARGV[0],
          concat_ws('/', side ->> TG_ARGV[1], CASE WHEN TG_NARGS > 2 THEN side ->> TG_ARGV[2] END));
      END IF;
    END LOOP;
    RETURN NULL;
  END $$;

  CREATE FUNCTION auth_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'TRUNCATE would leave no trace in the history; use DELETE'
      USING ERRCODE = 'insufficient_privilege';
  END $$;

  REVOKE EXECUTE ON FUNCTION auth_advance, auth_note FROM PUBLIC;
`;

/**
 * Tables that a decision about a key depends on, their relevant columns, and how the history refers to
 * a row.
 */
const watched = [
  {
    table: 'organisations',
    columns: ['id', 'status', 'kind', 'grants', 'member_keys', 'name'],
    kind: 'organisation',
    reference: ['id'],
  },
  { table: 'users', columns: ['id', 'status', 'name'], kind: 'user', reference: ['id'] },
  {
    table: 'memberships',
    columns: ['org_id', 'user_id', 'role', 'grants', 'display_name'],
    kind: 'membership',
    reference: ['org_id', 'user_id'],
  },
  {
    table: 'api_keys',
    columns: [
      'id',
      'org_id',
      'owner_id',
      'name',
      'scope',
      'permissions',
      'allowed_ips',
      'expires_at',
      'revoked_at',
    ],
    kind: 'key',
    reference: ['id'],
  },
  {
    table: 'key_secrets',
    columns: ['id', 'key_id', 'hash'],
    kind: 'key',
    reference: ['key_id'],
  },
];

function triggersOf({ table, columns, kind, reference }: (typeof watched)[number]): string {
  const changed = columns.map((name) => `OLD.${name} IS DISTINCT FROM NEW.${name}`).join(' OR ');
  const args = [kind, ...reference].map((name) => `'${name}'`).join(', ');
  const constraint = `DEFERRABLE INITIALLY DEFERRED FOR EACH ROW`;
  return `
    CREATE CONSTRAINT TRIGGER ${table}_history AFTER INSERT OR DELETE ON ${table}
      ${constraint} EXECUTE FUNCTION auth_record(${args});
    CREATE CONSTRAINT TRIGGER ${table}_history_update AFTER UPDATE ON ${table}
      ${constraint} WHEN (${changed}) EXECUTE FUNCTION auth_record(${args});
    CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION auth_refuse_truncate();
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${table}_history;
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${table}_history_update;
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${table}_no_truncate;
  `;
}

/**
 * The numbered history of everything that a decision about a key depends on.
 * docs/decisions/002-numbered-history.md says why it is a counter in a row, advanced by deferred
 * triggers, once for each transaction.
 */
export class AuthHistory1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(functions);
    await runner.query(watched.map(triggersOf).join('\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table } of watched) {
      await runner.query(`
        DROP TRIGGER ${table}_history ON ${table};
        DROP TRIGGER ${table}_history_update ON ${table};
        DROP TRIGGER ${table}_no_truncate ON ${table};
      `);
    }
    await runner.query(`
      DROP FUNCTION auth_record, auth_note, auth_advance, auth_refuse_truncate;
      DROP TABLE auth_log, auth_head;
    `);
  }
}
