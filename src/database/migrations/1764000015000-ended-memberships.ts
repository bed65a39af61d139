import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `
  -- Members who were removed and whose keys are not all revoked yet. While the row is there, those keys
  -- are revoked by it: see isUnrevoked.
  CREATE TABLE ended_memberships (
    org_id text COLLATE "C" REFERENCES organisations (id),
    user_id text COLLATE "C" REFERENCES users (id),
    ended_at timestamptz(3) NOT NULL DEFAULT now(),
    -- Who removed them, and from where, as the audit log has it; null where SQL did.
    ended_by_org_id text COLLATE "C",
    ended_by_user_id text COLLATE "C",
    ended_by_key_id text COLLATE "C",
    ip text,
    user_agent text,
    request_id text,
    reason text NOT NULL DEFAULT 'owner_removed',
    -- How many keys there were to revoke; 100,000 stands for that many or more.
    keys integer NOT NULL,
    -- When keys of it were last revoked, and by which process.
    worked_at timestamptz,
    worker uuid,
    CONSTRAINT ended_memberships_pkey PRIMARY KEY (org_id, user_id)
  );
`;

/**
 * Both read the newest state if each statement has a snapshot of its own (READ COMMITTED). A
 * transaction with an older snapshot cannot commit: the head of the history has moved since.
 */
const functions = `
  CREATE FUNCTION membership_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    left_over integer;
  BEGIN
    IF EXISTS (SELECT FROM ended_memberships e WHERE e.org_id = OLD.org_id AND e.user_id = OLD.user_id) THEN
      RETURN NULL;
    END IF;
    SELECT count(*) INTO left_over FROM (
      SELECT FROM api_keys k
      WHERE k.org_id = OLD.org_id AND k.owner_id = OLD.user_id AND k.revoked_at IS NULL LIMIT 100000
    ) AS unrevoked;
    IF left_over > 0 THEN
      INSERT INTO ended_memberships (org_id, user_id, keys) VALUES (OLD.org_id, OLD.user_id, left_over);
    END IF;
    RETURN NULL;
  END $$;

  CREATE FUNCTION membership_begun() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF EXISTS (SELECT FROM ended_memberships e WHERE e.org_id = NEW.org_id AND e.user_id = NEW.user_id) THEN
      -- Nodes of the release before answer this SQLSTATE with 503 and ask to try again.
      RAISE EXCEPTION 'the keys of this former member are still being revoked: try again later'
        USING ERRCODE = 'lock_not_available', CONSTRAINT = 'memberships_removal_under_way';
    END IF;
    RETURN NULL;
  END $$;

  REVOKE EXECUTE ON FUNCTION membership_ended, membership_begun FROM PUBLIC;
`;

const moved = '(OLD.org_id, OLD.user_id) IS DISTINCT FROM (NEW.org_id, NEW.user_id)';

/** Triggers, so that hand-written SQL and nodes of the previous release are covered. */
const triggers = [
  { name: 'memberships_ended', when: 'DELETE', run: 'membership_ended' },
  { name: 'memberships_ended_by_move', when: 'UPDATE', run: 'membership_ended' },
  { name: 'memberships_begun', when: 'INSERT', run: 'membership_begun' },
  { name: 'memberships_begun_by_move', when: 'UPDATE', run: 'membership_begun' },
];

function triggerOf({ name, when, run }: (typeof triggers)[number]): string {
  const condition = when === 'UPDATE' ? `WHEN (${moved})` : '';
  // After the row: a membership that is added while it is removed waits for that first.
  return `
    CREATE TRIGGER ${name} AFTER ${when} ON memberships
      FOR EACH ROW ${condition} EXECUTE FUNCTION ${run}();
    ALTER TABLE memberships ENABLE ALWAYS TRIGGER ${name};
  `;
}

/** After the triggers, whose lock on the table prevents memberships from ending meanwhile. */
const endedBefore = `
  INSERT INTO ended_memberships (org_id, user_id, keys)
  SELECT org_id, owner_id, least(count(*), 100000) FROM api_keys k
  WHERE revoked_at IS NULL AND NOT EXISTS (
    SELECT FROM memberships m WHERE m.org_id = k.org_id AND m.user_id = k.owner_id
  )
  GROUP BY org_id, owner_id;
`;

/**
 * Removing a member is a change of one row, however many keys they have: those are revoked afterwards.
 * Keys that outlived an earlier membership are revoked as well, so that adding it again revives none.
 */
export class EndedMemberships1764000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await runner.query(functions);
    await runner.query(triggers.map(triggerOf).join('\n'));
    await runner.query(endedBefore);
  }

  /** @throws while there are keys that are only revoked by these rows */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      LOCK TABLE memberships, ended_memberships;
      DO $$ BEGIN
        IF EXISTS (SELECT FROM ended_memberships) THEN
          RAISE EXCEPTION 'keys of former members are still to be revoked: let a worker run first';
        END IF;
      END $$;
    `);
    for (const { name } of triggers) await runner.query(`DROP TRIGGER ${name} ON memberships`);
    await runner.query('DROP FUNCTION membership_begun, membership_ended');
    await runner.query('DROP TABLE ended_memberships');
  }
}
