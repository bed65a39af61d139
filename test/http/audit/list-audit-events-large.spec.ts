import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { count } from '../../support/environment.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { noteStatements, planOf, type Statement } from '../../support/plans.js';
import { startService, type Service } from '../../support/service.js';

const events = count(50_000, 1_000_000);
/** One event in so many is of the rare action. */
const rarity = 10_000;

/** Adds events as fast as can be: without the chain, which would take most of the time. */
async function addManyEvents({ db }: Service, orgId: string): Promise<void> {
  await db.query(`
    ALTER TABLE audit_events DISABLE TRIGGER ALL;
    INSERT INTO audit_events (id, org_id, at, action, target_id)
    SELECT 'aud_' || lpad(n::text, 26, '0'), '${orgId}', now() - n * interval '1 s',
      CASE WHEN n % ${rarity} = 0 THEN 'org.suspended' ELSE 'key.created' END, '${orgId}'
    FROM generate_series(1, ${events}) AS n;
  `);
}

describe(`the audit log of an organisation with ${events} events`, () => {
  let service: Service;
  let org: Organisation;
  let asked: Statement[];

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    await addManyEvents(service, org.id);
    asked = noteStatements(service);
  });
  afterAll(async () => {
    // The search for secrets reads every row.
    await service.db.query('TRUNCATE audit_events');
    await service.stop();
  });

  const actions = {
    rare: { action: 'org.suspended', found: Math.min(events / rarity, 100) },
    frequent: { action: 'key.created', found: 100 },
    'not there': { action: 'member.removed', found: 0 },
  };
  for (const prepare of ['SELECT', 'ANALYZE audit_events']) {
    for (const [kind, { action, found }] of Object.entries(actions)) {
      it(`is read no further than a page of one action needs: ${kind}, behind ${prepare}`, async () => {
        await service.db.query(prepare);
        asked.length = 0;
        const path = org.path(`/audit-events?action=${action}&limit=100`);
        const { status, body } = await org.manager.get(path);
        expect(status).toBe(200);
        expect(body.items).toHaveLength(found);
        const [list] = asked.filter(({ sql }) => /FROM "audit_events"/.test(sql));
        const steps = await planOf(service.db, list as Statement, true);
        const reads = steps.map(
          (step) => (step['Actual Rows'] ?? 0) + (step['Rows Removed by Filter'] ?? 0),
        );
        // A page, and one event more that says whether there is another page.
        expect(Math.max(...reads)).toBeLessThanOrEqual(110);
        if (kind !== 'frequent') {
          expect(steps.map((step) => step['Index Name'])).toContain('audit_events_by_action');
        }
      });
    }
  }
});
