import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { auditEvents, type AuditRow } from '../../support/audit.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, refusesEach, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/orgs/{orgId}/audit-events', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let second: Person;
  let keyId: string;
  let story: AuditRow[];
  const list = (query = '', of = org) => of.manager.get(of.path(`/audit-events${query}`));
  const find = async (query: string) => {
    const { status, body } = await list(`?limit=100&${query}`);
    expect(status).toBe(200);
    return body.items as AuditRow[];
  };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    second = await addPerson(service, org.id, 'manager');
    const key = await createKey(org.manager, org, { name: 'recorded' });
    keyId = key.id;
    await second.patch(org.path(`/keys/${keyId}`), { name: 'renamed' });
    await service.as(key.secret).get('/v1/whoami');
    await second.delete(org.path(`/keys/${keyId}?reason=over`));
    await other.manager.patch(other.path(), { name: 'Theirs' });
    story = await find('');
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'audit:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/audit-events`),
  });

  it('has all that happened to the organisation, newest first', async () => {
    expect(story.map(({ action }) => action)).toEqual([
      'key.revoked',
      'key.changed',
      'key.created',
      ...[second, org.member, org.manager].flatMap(() => ['key.created', 'member.added']),
      'org.created',
    ]);
    const times = story.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const length = story.length;
    const ids = (events: AuditRow[]) => events.map(({ id }) => id);
    expect(ids((await auditEvents(service, org.id)).slice(-length))).toEqual(ids(story));
  });

  it('shows operators, and no manager, where an operator worked from', async () => {
    const from = (events: AuditRow[]) =>
      events
        .filter(({ action }) => action === 'org.renamed')
        .map(({ actor, ip, userAgent }) => ({ orgId: actor.orgId, ip, userAgent }));
    const agent = { 'user-agent': 'desk 7' };
    await service.operator.call('PATCH', org.path(), { name: 'By operators' }, agent);
    await org.manager.call('PATCH', org.path(), { name: 'By a manager' }, agent);
    const operators = await operatorOrgId(service);
    const shown = { ip: '127.0.0.1', userAgent: 'desk 7' };
    const hidden = { ip: null, userAgent: null };
    const own = { orgId: org.id, ...shown };
    const query = 'action=org.renamed';
    const exported = await org.manager.get(org.path('/audit-events/export?action=org.renamed'));
    const lines = exported.text.trim().split('\n');
    const asManager = [own, { orgId: operators, ...hidden }];
    expect(from(await find(query))).toEqual(asManager);
    expect(from(lines.map((line) => JSON.parse(line) as AuditRow))).toEqual(asManager);
    expect(from(await auditEvents(service, org.id, query))).toEqual([
      own,
      { orgId: operators, ...shown },
    ]);
    await service.operator.call('PATCH', `/v1/orgs/${operators}`, { name: 'Desk' }, agent);
    expect(from(await auditEvents(service, operators, 'limit=1'))).toEqual([
      { orgId: operators, ...shown },
    ]);
  });

  it('has who, what, when, from where, and the state before and after', async () => {
    const response = await org.manager.call(
      'PATCH',
      org.path('/policy'),
      { allowNoExpiry: true },
      { 'user-agent': 'curl/8.0 (test)' },
    );
    const [event] = await find('');
    expect(event).toEqual({
      id: expect.stringMatching(/^aud_[0-9a-z]{26}$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      actor: { kind: 'key', orgId: org.id, userId: org.manager.userId, keyId: org.manager.keyId },
      action: 'org.policy_changed',
      targetId: org.id,
      before: expect.objectContaining({ allowNoExpiry: false }),
      after: expect.objectContaining({ allowNoExpiry: true }),
      ip: '127.0.0.1',
      userAgent: 'curl/8.0 (test)',
      requestId: response.headers.get('x-request-id'),
    });
  });

  it('keeps no more than 256 characters of a user agent', async () => {
    const agent = 'a'.repeat(2_000);
    const send = (name: string) =>
      org.manager.call('PATCH', org.path(), { name }, { 'user-agent': agent });
    expect((await send('Agent')).status).toBe(200);
    const [event] = await find('');
    expect(event?.userAgent).toBe(agent.slice(0, 256));
  });

  it('names the service itself as the actor where nobody acted', async () => {
    const { orgId } = (await service.operator.get('/v1/whoami')).body as { orgId: string };
    const events = await auditEvents(service, orgId);
    expect(events.at(-1)).toMatchObject({
      action: 'org.created',
      actor: { kind: 'system', orgId: null, userId: null, keyId: null },
      ip: null,
      userAgent: null,
      requestId: null,
    });
  });

  it('finds the events of a user who acted', async () => {
    const events = await find(`actor=${second.userId}`);
    expect(events.map(({ action, targetId }) => [action, targetId])).toEqual([
      ['key.revoked', keyId],
      ['key.changed', keyId],
    ]);
  });

  it('finds the events of a key that acted', async () => {
    const extra = await service.operator.post(org.path('/keys'), {
      name: 'extra',
      scope: 'admin',
      ownerId: second.userId,
    });
    const actor = extra.body.key.id as string;
    await service.as(extra.body.secret as string).patch(org.path(), { name: 'By the extra key' });
    const events = await find(`actor=${actor}`);
    expect(events.map(({ action }) => action)).toEqual(['org.renamed']);
    expect(events[0]?.actor).toMatchObject({ userId: second.userId, keyId: actor });
    const byKey = await find(`actor=${second.keyId}`);
    expect(byKey.map(({ action }) => action)).toEqual(['key.revoked', 'key.changed']);
    expect(await find(`actor=${second.userId}`)).toHaveLength(3);
  });

  it('finds the events of one action', async () => {
    const events = await find('action=key.created');
    expect(events.length).toBeGreaterThanOrEqual(4);
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['key.created']));
    expect(await find('action=org.suspended')).toEqual([]);
  });

  it('finds the events that changed one key, user or organisation', async () => {
    expect((await find(`target=${keyId}`)).map(({ action }) => action)).toEqual([
      'key.revoked',
      'key.changed',
      'key.created',
    ]);
    const added = await find(`target=${org.member.userId}`);
    expect(added.map(({ action }) => action)).toEqual(['member.added']);
    const ofOrg = await find(`target=${org.id}`);
    expect(ofOrg.at(-1)?.action).toBe('org.created');
    expect(new Set(ofOrg.map(({ targetId }) => targetId))).toEqual(new Set([org.id]));
  });

  it('finds the events from an instant on, and those before one', async () => {
    const all = await find('');
    for (const { at } of [all[0], all[3], all.at(-1)].filter((event) => event !== undefined)) {
      expect(await find(`from=${at}`)).toEqual(all.filter((event) => event.at >= at));
      expect(await find(`to=${at}`)).toEqual(all.filter((event) => event.at < at));
      expect(await find(`from=${at}&to=${at}`)).toEqual([]);
    }
    const [oldest, newest] = [all.at(-1)?.at ?? '', all[0]?.at ?? ''];
    expect(await find(`from=${oldest}&to=${newest}`)).toEqual(all.filter(({ at }) => at < newest));
  });

  it('reads instants with any offset', async () => {
    const at = (await find('')).at(2)?.at ?? '';
    const shifted = new Date(Date.parse(at) + 5.5 * 3_600_000).toISOString();
    const local = encodeURIComponent(shifted.replace('Z', '+05:30'));
    expect(await find(`from=${local}`)).toEqual(await find(`from=${at}`));
  });

  it('applies all filters together', async () => {
    const all = await find('');
    const at = all.find(({ action }) => action === 'key.changed')?.at ?? '';
    const query = `actor=${second.userId}&action=key.changed&target=${keyId}&from=${at}`;
    expect((await find(query)).map(({ action }) => action)).toEqual(['key.changed']);
    expect(await find(`${query}&to=${at}`)).toEqual([]);
    expect(await find(`actor=${org.manager.userId}&action=key.changed`)).toEqual([]);
  });

  it('shows nothing of another organisation, whatever is asked for', async () => {
    const theirs = [
      `actor=${other.manager.userId}`,
      `actor=${other.manager.keyId}`,
      `target=${other.id}`,
      `target=${other.member.userId}`,
    ];
    for (const query of theirs) expect(await find(query)).toEqual([]);
    const everything = (await list('?limit=100')).text;
    expect(everything).not.toContain(other.id);
    expect(everything).not.toContain('Theirs');
  });

  it('writes no event for reading, verifying, or a request that is refused', async () => {
    const refused = [
      () => list(),
      () => org.member.get(org.path('/audit-events')),
      () => service.operator.post('/v1/verify', { key: org.member.key }),
      () => org.manager.patch(org.path(), { name: '' }),
      () => org.member.patch(org.path(), { name: 'No' }),
      () => other.manager.patch(org.path(), { name: 'No' }),
      () => org.manager.delete(org.path(`/members/${org.manager.userId.slice(0, -1)}`)),
    ];
    for (const send of refused) await withoutTrace(service, send);
  });

  it('refuses actors that are no user or key, and says what they look like', () =>
    refusesEach(
      service,
      'actor',
      {
        empty: '',
        word: 'me',
        other: org.id,
        short: 'usr_1',
        twice: `${org.id}&actor=${org.id}`,
        nul: 'usr_%00',
      },
      (actor) => list(`?actor=${actor}`),
    ));

  it('refuses actions that nothing is called', () =>
    refusesEach(
      service,
      'action',
      { empty: '', word: 'created', case: 'Key.created', twice: 'key.created&action=key.created' },
      (action) => list(`?action=${action}`),
    ));

  it('refuses targets that are no organisation, user or key', () =>
    refusesEach(
      service,
      'target',
      { empty: '', word: 'it', event: 'aud_01h455vb4pex5vsknk084sn02q', nul: 'key_%00' },
      (target) => list(`?target=${target}`),
    ));

  for (const field of ['from', 'to']) {
    it(`refuses ${field} that is no instant`, () =>
      refusesEach(
        service,
        field,
        {
          empty: '',
          word: 'yesterday',
          date: '2026-01-01',
          local: '2026-01-01T00:00:00',
          number: '1767225600',
          month: '2026-13-01T00:00:00Z',
          day: '2026-02-30T00:00:00Z',
          hour: '2026-01-01T25:00:00Z',
        },
        (instant) => list(`?${field}=${instant}`),
      ));

    it(`takes the first and the last year as ${field}`, async () => {
      for (const instant of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
        expect((await list(`?${field}=${instant}`)).status).toBe(200);
      }
    });

    it(`responds with 200 or 400, never 500, to years that the calendar hardly has as ${field}`, async () => {
      for (const instant of ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00%2B23:59']) {
        const { status } = await list(`?${field}=${instant}`);
        expect({ instant, fine: [200, 400].includes(status) }).toEqual({ instant, fine: true });
      }
    });
  }

  it('refuses parameters that it does not know', async () => {
    const response = await list('?user=x');
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('user');
  });
});
