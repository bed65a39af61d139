import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRow } from '../../support/audit.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { cursorOf, walk } from '../../support/pages.js';
import { startService, type Service } from '../../support/service.js';

describe('Pages of GET /v1/orgs/{orgId}/audit-events', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const list = (query: string, of = org) => of.manager.get(of.path(`/audit-events${query}`));
  const idsOf = async (query: string, between?: () => Promise<unknown>) =>
    (await walk(list, query, between)).flat().map(({ id }) => id);
  const rename = (name: string) => org.manager.patch(org.path(), { name });

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    for (let index = 0; index < 12; index += 1) await rename(`Name ${index}`);
  });
  afterAll(() => service.stop());

  it('hold every event once, whatever their size', async () => {
    const all = await idsOf('limit=100');
    expect(all.length).toBeGreaterThanOrEqual(17);
    for (const limit of [1, 2, 7, all.length]) {
      expect(await idsOf(`limit=${limit}`)).toEqual(all);
    }
  });

  it('hold 50 events when no size is named, and never more than 100', async () => {
    const key = await createKey(org.manager, org, { scope: 'admin' });
    const named = service.as(key.secret);
    for (let index = 0; index < 60; index += 1) {
      await named.patch(org.path(), { name: `Long ${index}` });
    }
    const { body } = await list('');
    expect(body.items).toHaveLength(50);
    expect(body.nextCursor).toEqual(expect.any(String));
    await refusesEach(
      service,
      'limit',
      { zero: '0', many: '101', half: '1.5', word: 'x' },
      (limit) => list(`?limit=${limit}`),
    );
  });

  it('have no gaps or duplicates while events are being added', async () => {
    const before = await idsOf('limit=100');
    let serial = 0;
    const pages = await idsOf('limit=3', () => {
      serial += 1;
      return rename(`Meanwhile ${serial}`);
    });
    expect(serial).toBeGreaterThan(5);
    expect(pages).toEqual(before);
  });

  it('have no gaps or duplicates while many add events at the same time', async () => {
    const before = await idsOf('limit=100');
    const writing = Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let index = 0; index < 10; index += 1) {
          await service.operator.patch(org.path(), { name: `Writer ${writer} ${index}` });
        }
      }),
    );
    const pages = await idsOf('limit=2');
    await writing;
    expect(new Set(pages).size).toBe(pages.length);
    const seen = new Set(pages);
    expect(before.filter((id) => !seen.has(id))).toEqual([]);
  });

  it('hold each event of one change once, though all have the same time', async () => {
    const added = await org.manager.post(org.path('/service-accounts'), { name: 'Many keys' });
    const ownerId = added.body.userId as string;
    for (let index = 0; index < 6; index += 1) await createKey(org.manager, org, { ownerId });
    const removed = await org.manager.delete(org.path(`/members/${ownerId}`));
    expect(removed.body.revokedKeys.ids).toHaveLength(6);
    const { body } = await list('?limit=7');
    const events = body.items as AuditRow[];
    expect(new Set(events.map(({ at }) => at)).size).toBe(1);
    const { at } = events[0] as AuditRow;
    for (const limit of [1, 2, 3]) {
      expect(await idsOf(`limit=${limit}&from=${at}`)).toEqual(events.map(({ id }) => id));
    }
  });

  it('keep to the filters', async () => {
    const names = await idsOf(`limit=3&action=org.renamed&actor=${org.manager.userId}`);
    const all = await idsOf(`limit=100&action=org.renamed&actor=${org.manager.userId}`);
    expect(names).toEqual(all);
    const whole = new Set(await idsOf('limit=100'));
    expect(whole.size).toBeGreaterThan(names.length);
  });

  it('show nothing of another organisation to a cursor from there', async () => {
    const { body } = await list('?limit=1');
    const { status, body: theirs } = await list(
      `?limit=100&cursor=${body.nextCursor as string}`,
      other,
    );
    expect(status).toBe(200);
    const own = await list('?limit=100', other);
    const ids = new Set((own.body.items as AuditRow[]).map(({ id }) => id));
    expect((theirs.items as AuditRow[]).filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(theirs.items.length).toBeGreaterThan(0);
  });

  it('refuse cursors that they did not give out', async () => {
    const event = 'aud_01h455vb4pex5vsknk084sn02q';
    const time = '2031-01-01T00:00:00.000Z';
    const keys = await org.manager.get(org.path('/keys?limit=1&sort=name'));
    const cursors = [
      'x',
      'e30',
      keys.body.nextCursor as string,
      cursorOf(null),
      cursorOf([time]),
      cursorOf([time, event, 1, {}]),
      cursorOf([time, 5, {}]),
      cursorOf([5, event, {}]),
      cursorOf(['infinity', event, {}]),
      cursorOf(['now', event, {}]),
      cursorOf(['2031-01-01', event, {}]),
      cursorOf(['2031-13-01T00:00:00.000Z', event, {}]),
      cursorOf(['0000-01-01T00:00:00.000Z', event, {}]),
      cursorOf([time, 'aud_\0', {}]),
      cursorOf([time, 'x'.repeat(65), {}]),
      'a'.repeat(1_001),
      `${cursorOf([time, event, {}])}&cursor=${cursorOf([time, event, {}])}`,
    ];
    for (const cursor of cursors) {
      const response = await list(`?cursor=${cursor}`);
      const what = cursor.length > 200 ? 'long' : Buffer.from(cursor, 'base64url').toString();
      expect({ what, status: response.status }).toEqual({ what, status: 400 });
      expectProblem(response, 400, 'invalid_request');
    }
  });
});
