import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newToken } from '../../../src/sessions/token.js';
import { addPerson, createKey, createOrganisation } from '../../support/organisation.js';
import type { ApiResponse } from '../../support/client.js';
import { startClock } from '../../support/clock.js';
import { eventually } from '../../support/eventually.js';
import { hold, untilWaiting, type Holder } from '../../support/locks.js';
import type { Organisation, Person } from '../../support/organisation.js';
import { openSocket } from '../../support/raw-http.js';
import { expectProblem } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { sameOrigin, signIn } from '../../support/sessions.js';
import { stopClock } from '../../support/throttling.js';

/** Calls of one credential that may be under way. */
const perCredential = 50;
/** Calls of one organisation that use connections, and that may wait for one. */
const perOrganisation = 4 + 100;

const counts = (responses: readonly ApiResponse[]) =>
  Object.fromEntries(
    [...new Set(responses.map(({ status }) => status))]
      .sort()
      .map((status) => [status, responses.filter((response) => response.status === status).length]),
  );

/** How many were refused. On a starved machine also others wait too long, for a lock or their turn. */
function refusals(responses: readonly ApiResponse[]): number {
  const { 200: done = 0, 503: busy = 0, 429: refused = 0, ...others } = counts(responses);
  expect(others).toEqual({});
  expect(done + busy + refused).toBe(responses.length);
  return refused;
}

describe('calls that are under way', () => {
  let service: Service;
  let noisy: Organisation;
  let other: Organisation;
  let target: string;

  beforeAll(async () => {
    service = await startService();
    other = await createOrganisation(service);
  });
  beforeEach(async () => {
    noisy = await createOrganisation(service);
    target = (await createKey(noisy.member, noisy)).id;
  });
  afterAll(() => service.stop());

  /** Makes all who change the key wait, as does the key of everybody who is to be judged again. */
  const holdKey = (id = target) =>
    hold(service.db, 'SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [id]);
  const rename = (person: Person) => person.patch(noisy.path(`/keys/${target}`), { name: 'new' });
  const times = (count: number, call: () => Promise<ApiResponse>) =>
    Array.from({ length: count }, call);

  async function revokesElsewhere(): Promise<ApiResponse> {
    const { id } = await createKey(other.member, other);
    return other.manager.delete(other.path(`/keys/${id}`));
  }

  it('of one credential are bounded: the rest are refused, and nothing else has to wait', async () => {
    let calls: Promise<ApiResponse>[];
    {
      await using holder: Holder = await holdKey();
      calls = times(perCredential + 10, () => rename(noisy.member));
      await untilWaiting(service.db, 4);
      expect((await revokesElsewhere()).status).toBe(200);
      expect((await other.manager.get(other.path('/keys'))).status).toBe(200);
      await holder.rollback();
    }
    const responses = await Promise.all(calls);
    expect(refusals(responses)).toBeGreaterThanOrEqual(10);
    const refused = responses.find(({ status }) => status === 429);
    if (refused === undefined) throw new Error('nothing was refused');
    expectProblem(refused, 429, 'too_many_requests');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.body.retryAfter).toBe(1);
  });

  it('are let in again as soon as others have ended', async () => {
    {
      await using holder = await holdKey();
      const calls = times(perCredential, () => rename(noisy.member));
      await untilWaiting(service.db, 4);
      expectProblem(await noisy.member.get(noisy.path('/keys')), 429, 'too_many_requests');
      await holder.rollback();
      await Promise.all(calls);
    }
    expect((await noisy.member.get(noisy.path('/keys'))).status).toBe(200);
  });

  it('of one organisation are bounded together, by whichever caller', async () => {
    const people = [noisy.manager, noisy.member, await addPerson(service, noisy.id, 'manager')];
    await using holder = await holdKey();
    const calls = people.flatMap((person) => times(perCredential, () => rename(person)));
    await untilWaiting(service.db, 4);
    expect((await revokesElsewhere()).status).toBe(200);
    await holder.rollback();
    const responses = await Promise.all(calls);
    const refused = people.length * perCredential - perOrganisation;
    expect(refusals(responses)).toBeGreaterThanOrEqual(refused);
  });

  it('leave room for a change that denies, also in the same organisation', async () => {
    const spare = await createKey(noisy.member, noisy);
    await using holder = await holdKey();
    const calls = times(perCredential, () => rename(noisy.member));
    await untilWaiting(service.db, 4);
    const path = noisy.path(`/keys/${spare.id}`);
    expect((await noisy.manager.patch(path, { name: 'narrow', scope: 'read' })).status).toBe(200);
    expect((await noisy.manager.delete(path)).status).toBe(200);
    await holder.rollback();
    await Promise.all(calls);
  });

  it('that deny do not fill what is reserved for those of others', async () => {
    await using holder = await holdKey();
    const remove = () => noisy.member.delete(noisy.path(`/keys/${target}`));
    const calls = times(perCredential + 10, remove);
    await untilWaiting(service.db, 2);
    expect((await revokesElsewhere()).status).toBe(200);
    expect((await service.operator.post(`/v1/orgs/${other.id}/suspend`)).status).toBe(200);
    expect((await service.operator.post(`/v1/orgs/${other.id}/resume`)).status).toBe(200);
    await holder.rollback();
    expect(refusals(await Promise.all(calls))).toBeGreaterThanOrEqual(10);
  });

  it('of an operator count as those of the operators, wherever they act', async () => {
    await using holder = await holdKey();
    const act = () =>
      service.operator.patch(noisy.path(`/keys/${target}`), { name: 'by an operator' });
    const calls = times(perCredential, act);
    await untilWaiting(service.db, 4);
    // Nothing of the organisation itself waits for them, but for that key.
    expect((await noisy.manager.get(noisy.path('/keys'))).status).toBe(200);
    await holder.rollback();
    expect(refusals(await Promise.all(calls))).toBeLessThan(perCredential);
  });

  it('count until they are done, also when nobody waits for the response', async () => {
    await using holder = await holdKey();
    const body = JSON.stringify({ name: 'gone' });
    const head = `PATCH ${noisy.path(`/keys/${target}`)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${noisy.member.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const sockets = await Promise.all(
      Array.from({ length: perCredential }, () => openSocket(service.url)),
    );
    for (const socket of sockets) socket.write(head + body);
    await untilWaiting(service.db, 4);
    for (const socket of sockets) socket.destroy();
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    expectProblem(await rename(noisy.member), 429, 'too_many_requests');
    await holder.rollback();
    await eventually(async () => (await rename(noisy.member)).status === 200);
  });

  it('in a session count as those of a key', async () => {
    const browser = await signIn(service, noisy.member);
    await using holder = await holdKey();
    const change = () => browser.patch(noisy.path(`/keys/${target}`), { name: 'by hand' });
    const calls = times(perCredential + 10, change);
    await untilWaiting(service.db, 4);
    expect((await revokesElsewhere()).status).toBe(200);
    await holder.rollback();
    expect(refusals(await Promise.all(calls))).toBeGreaterThanOrEqual(10);
  });

  it('of verification are not bounded by it', async () => {
    const whoami = times(4 * perCredential, () => noisy.member.get('/v1/whoami'));
    expect(counts(await Promise.all(whoami))).toEqual({ 200: 4 * perCredential });
  });
});

describe('sessions that somebody made up', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    // Failures are counted by the minute.
    await stopClock();
    service = await startService({ settings: { maxFailedAuthentications: 20 } });
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop().finally(startClock);
  });

  const ask = (cookie: string) =>
    service.nobody.get(org.path('/keys'), { cookie, ...sameOrigin(service.url) });
  const madeUp = () => `__Host-keyfence=${newToken('session')}`;

  it('are refused, forgotten by the browser, and counted once each; who is signed in goes on', async () => {
    const browser = await signIn(service, org.manager);
    const { id } = await createKey(org.member, org);
    expect((await browser.get(org.path('/keys'))).status).toBe(200);
    const ended = madeUp();
    const again = await Promise.all(Array.from({ length: 30 }, () => ask(ended)));
    expect(counts(again)).toEqual({ 401: 30 });
    expect(again[0]?.headers.getSetCookie()).toEqual([expect.stringMatching(/Max-Age=0/)]);
    const responses = await Promise.all(Array.from({ length: 300 }, () => ask(madeUp())));
    const { 401: looked = 0, 429: refused = 0 } = counts(responses);
    expect(looked + refused).toBe(300);
    // What was under way when the limit was reached gets its response.
    expect(refused).toBeGreaterThanOrEqual(300 - 100 - 20);
    expectProblem(await ask(madeUp()), 429, 'too_many_failures');
    expect((await browser.get(org.path('/keys'))).status).toBe(200);
    expect((await browser.delete(org.path(`/keys/${id}`))).status).toBe(200);
  });

  it('leave the session alone where a key was refused', async () => {
    const headers = { cookie: madeUp(), authorization: 'Bearer kf_nonsense' };
    const response = await service.nobody.get(org.path('/keys'), headers);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});
