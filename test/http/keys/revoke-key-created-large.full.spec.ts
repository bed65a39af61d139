import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { count } from '../../support/environment.js';
import { verify } from '../../support/keys.js';
import { insertManyKeys } from '../../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { noteStatements, planOf, type Statement } from '../../support/plans.js';
import { startService, type Service } from '../../support/service.js';

const many = count(100_100, 1_000_000);
const fewer = count(20_000, 1_000_000);
const mostCounted = 100_000;

describe(`A key that has created ${many} keys`, () => {
  let service: Service;
  let org: Organisation;
  let asked: Statement[];
  const makers: Record<'live' | 'expired', { id: string; secret: string; made: string[] }> = {
    live: { id: '', secret: '', made: [] },
    expired: { id: '', secret: '', made: [] },
  };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    for (const maker of Object.values(makers)) {
      Object.assign(maker, await createKey(org.manager, org, { scope: 'admin' }));
    }
    const { live, expired } = makers;
    const made = { orgId: org.id, ownerId: org.member.userId };
    const most = { ...made, count: many, hasSecrets: false };
    live.made = await insertManyKeys(service.db, { ...most, createdBy: live.id });
    const expires = `now() - interval '1 day'`;
    await insertManyKeys(service.db, { ...most, createdBy: expired.id, expires, count: fewer });
    const few = { ...made, createdBy: expired.id, count: 150 };
    expired.made = await insertManyKeys(service.db, few);
    asked = noteStatements(service);
  });
  afterAll(() => service.stop());

  for (const prepare of ['SELECT', 'ANALYZE']) {
    for (const by of ['manager', 'operator'] as const) {
      for (const kind of ['live', 'expired'] as const) {
        it(`is revoked by the ${by} as any other: they are ${kind}, behind ${prepare}`, async () => {
          await service.db.query(prepare);
          const { id, secret, made } = makers[kind];
          const who = by === 'manager' ? org.manager : service.operator;
          asked.length = 0;
          const { status, body } = await who.delete(org.path(`/keys/${id}`));
          expect(status).toBe(200);
          expect(await verify(service, secret)).toMatchObject({ valid: false });
          expect(body.createdKeys.total).toBe(kind === 'live' ? mostCounted : made.length);
          const items = body.createdKeys.items as { id: string }[];
          const shown = kind === 'live' ? [] : made.slice(0, 100);
          expect(items.map((one) => one.id)).toEqual(shown);
          const [statement] = asked.filter(({ sql }) => sql.includes('created_by_key_id = $1'));
          const steps = await planOf(service.db, statement as Statement, true);
          const [read] = steps.filter((step) => step['Index Name'] === 'api_keys_live_by_creator');
          expect(read?.['Actual Rows']).toBe(Math.min(made.length, mostCounted));
          expect(read).not.toHaveProperty('Filter');
        });
      }
    }
  }
});
