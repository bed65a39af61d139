import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChainHead } from '../../../src/audit/chain.js';
import { verifyAfter, verifyNow } from '../../support/chain.js';
import { createOrganisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

const view = (columns: string) => `
  ALTER TABLE audit_events RENAME TO stored;
  CREATE VIEW audit_events AS SELECT ${columns} FROM stored;`;

/** What a superuser can put in the place of what the verifier reads, and how it is named. */
const standIns: Record<string, { sql: string; findings: RegExp[] }> = {
  'a view of the events': {
    sql: view('*'),
    findings: [/^public\.audit_events is no table/],
  },
  'a view of the chain': {
    sql: `ALTER TABLE audit_chain RENAME TO stored;
      CREATE VIEW audit_chain AS SELECT * FROM stored;`,
    findings: [/^public\.audit_chain is no table/],
  },
  'a view that shows the service something else': {
    sql: view(`id, org_id, at, actor_org_id, actor_user_id, actor_key_id, action, target_id, before, after,
      CASE WHEN current_setting('application_name') = 'keyfence' THEN '6.6.6.6' ELSE ip END AS ip,
      user_agent, request_id`),
    findings: [/^public\.audit_events is no table/],
  },
  'a rule': {
    sql: `CREATE RULE hide AS ON INSERT TO audit_events DO ALSO NOTHING;`,
    findings: [/^public\.audit_events has rules/],
  },
  'row security': {
    sql: `ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
      CREATE POLICY hide ON audit_events USING (false);`,
    findings: [/^public\.audit_events has row security/],
  },
  'a table that adds rows': {
    sql: 'CREATE TABLE further () INHERITS (audit_events);',
    findings: [/^public\.audit_events shares rows with another table$/],
  },
  'a column that is computed': {
    sql: `ALTER TABLE audit_events DROP COLUMN ip;
      ALTER TABLE audit_events ADD COLUMN ip text GENERATED ALWAYS AS (NULL) STORED;`,
    findings: [/^public\.audit_events has no stored column "ip" of type text$/, /^row \d+: /],
  },
  'a column of another precision': {
    sql: 'ALTER TABLE audit_events ALTER COLUMN at TYPE timestamptz(6);',
    findings: [
      /^public\.audit_events has no stored column "at" of type timestamp\(3\) with time zone$/,
    ],
  },
  'a cast of its own': {
    sql: `CREATE FUNCTION public.shown(jsonb) RETURNS text LANGUAGE sql AS $$ SELECT '{}' $$;
      CREATE CAST (jsonb AS text) WITH FUNCTION public.shown(jsonb) AS ASSIGNMENT;`,
    findings: [
      /^the cast from jsonb to text is not the one that comes with PostgreSQL$/,
      /^row 1: /,
    ],
  },
};

describe('What stands in for the log', () => {
  let service: Service;
  let head: ChainHead;

  beforeAll(async () => {
    service = await startService();
    await createOrganisation(service);
    ({ head } = await verifyNow(service.db));
  });
  afterAll(() => service.stop());

  for (const [what, { sql, findings }] of Object.entries(standIns)) {
    it(`is named: ${what}`, async () => {
      const report = await verifyAfter(service.db, sql, [head]);
      expect(report.findings).toEqual(findings.map((text) => expect.stringMatching(text)));
    });
  }

  const forged = `UPDATE audit_events SET at = at - interval '1 day'
    WHERE id = (SELECT event_id FROM audit_chain WHERE seq = 3);`;

  it('is not read where a search_path leads to it: another table', async () => {
    const report = await verifyAfter(
      service.db,
      `CREATE SCHEMA elsewhere;
       CREATE TABLE elsewhere.audit_events AS SELECT * FROM audit_events;
       CREATE TABLE elsewhere.audit_chain AS SELECT * FROM audit_chain;
       ${forged} SET LOCAL search_path = elsewhere, public;`,
      [head],
    );
    expect(report.findings).toEqual([expect.stringMatching(/^row 3: event \w+ was changed/)]);
  });

  it('is not called where a search_path leads to it: another function', async () => {
    const report = await verifyAfter(
      service.db,
      `CREATE SCHEMA elsewhere;
       CREATE TABLE elsewhere.times AS SELECT extract(epoch FROM at) * 1000 AS ms FROM audit_events;
       ${forged}
       CREATE FUNCTION elsewhere.trim_scale(numeric) RETURNS numeric LANGUAGE sql AS $$
         SELECT coalesce((SELECT pg_catalog.trim_scale(ms) FROM elsewhere.times WHERE ms = $1 + 86400000 LIMIT 1),
           pg_catalog.trim_scale($1)) $$;
       SET LOCAL search_path = elsewhere, pg_catalog, public;`,
      [head],
    );
    expect(report.findings).toEqual([expect.stringMatching(/^row 3: event \w+ was changed/)]);
  });
});
