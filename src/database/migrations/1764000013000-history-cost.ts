import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `enable_seqscan = off`: a plan that was made while the tables were small would later read all of
 * them, and a connection caches its plans.
 */
const before = `
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS`;

const advance = `
  -- Takes the number of this transaction, under the lock on the head that all changes share.
  CREATE OR REPLACE FUNCTION auth_advance() RETURNS bigint ${before} $$
  DECLARE
    head record;
  BEGIN
    IF current_setting('synchronous_commit') IN ('off', 'local') THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    -- As long as somebody has an old snapshot open, a dump for instance, all versions of the row stay.
    -- The newest are on the last page: from there one is enough, from the front it would be all.
    SELECT n, xid INTO head FROM auth_head WHERE single > false ORDER BY single DESC LIMIT 1;
    IF head.xid = pg_current_xact_id() THEN
      RETURN head.n;
    END IF;
    SELECT ctid, n INTO head FROM auth_head WHERE single > false ORDER BY single DESC LIMIT 1 FOR UPDATE;
    UPDATE auth_head SET n = n + 1, xid = pg_current_xact_id() WHERE ctid = head.ctid
      RETURNING n INTO head.n;
    -- Every number has a row, so that a reader can tell that it missed none.
    INSERT INTO auth_log VALUES (head.n, 'advance', '');
    -- From where the last one ended: what was deleted before it may still be in the way.
    IF head.n % 100 = 0 THEN
      DELETE FROM auth_log WHERE n > head.n - 10100 AND n <= head.n - 10000;
    END IF;
    RETURN head.n;
  END $$;
`;

const note = `
  -- Notes one reference under the transaction's number; more than 1,000 become one row. How many there
  -- are stands in a setting of the transaction, which a savepoint sets back together with the rows. One
  -- that is not of this number says nothing; a wrong one adds rows or ends in 'everything': only a row
  -- that is there keeps others out.
  CREATE OR REPLACE FUNCTION auth_note(number bigint, new_kind text, new_reference text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    setting text := current_setting('keyfence.noted', true);
    noted integer;
    added integer;
  BEGIN
    IF setting ~ ('^' || number || '/[0-9]{1,4}$') THEN
      noted := split_part(setting, '/', 2);
    ELSE
      SELECT count(*) INTO noted FROM auth_log WHERE n = number AND kind <> 'advance';
    END IF;
    IF noted > 1000 AND EXISTS (SELECT FROM auth_log WHERE n = number AND kind = 'everything') THEN
      RETURN;
    END IF;
    INSERT INTO auth_log VALUES (number, new_kind, new_reference) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    noted := noted + added;
    IF noted > 1000 THEN
      DELETE FROM auth_log WHERE n = number AND kind <> 'advance';
      INSERT INTO auth_log VALUES (number, 'everything', '');
    END IF;
    PERFORM set_config('keyfence.noted', number || '/' || noted, true);
  END $$;
`;

const record = `
  -- Arguments: the kind, then the columns that the reference is made of.
  CREATE OR REPLACE FUNCTION auth_record() RETURNS trigger ${before} $$
  DECLARE
    number bigint := auth_advance();
    row_before jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
    row_after jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
    side jsonb;
    reference text;
    last text;
  BEGIN
    FOREACH side IN ARRAY ARRAY[row_before, row_after] LOOP
      CONTINUE WHEN side IS NULL;
      reference := concat_ws('/', side ->> TG_ARGV[1], CASE WHEN TG_NARGS > 2 THEN side ->> TG_ARGV[2] END);
      -- Most changes leave it as it was.
      CONTINUE WHEN reference = last;
      PERFORM auth_note(number, TG_ARGV[0], reference);
      last := reference;
    END LOOP;
    RETURN NULL;
  END $$;
`;

const previous = `
  CREATE OR REPLACE FUNCTION auth_advance() RETURNS bigint
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

  CREATE OR REPLACE FUNCTION auth_note(number bigint, new_kind text, new_reference text) RETURNS void
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

  CREATE OR REPLACE FUNCTION auth_record() RETURNS trigger
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
`;

/**
 * The history costs the same for each row of a transaction, and for each transaction, however many rows
 * there are already, and however old the oldest snapshot is.
 */
export class HistoryCost1764000013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(advance);
    await runner.query(note);
    await runner.query(record);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(previous);
  }
}
