import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Keyfence, Unavailable } from '@keyfence/guard';
import { newSecret } from '../../src/common/secret.js';
import { Counter } from '../support/call-counter.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';
import { untilUses } from '../support/usage.js';

/** A mutant of the client: a request joins the call that is under way, if it asks the same. */
function letJoinSentCalls(keyfence: Keyfence): void {
  const { collector } = keyfence as unknown as { collector: Inside };
  const verify = collector.verify.bind(collector);
  collector.verify = (question) => {
    const [sent] = [...collector.calls].map(({ groups }) => groups.get(JSON.stringify(question)));
    if (sent === undefined) return verify(question);
    return new Promise((resolve, reject) => {
      const waiter = { ...sent[0], resolve, reject };
      sent.push(waiter);
      collector.open.add(waiter);
    });
  };
}

/** What the mutant needs of the collector. */
interface Inside {
  verify: Keyfence['verify'];
  calls: Set<{ groups: Map<string, object[]> }>;
  open: Set<object>;
}

describe('the client, for requests that come together', () => {
  let service: Service;
  let org: Organisation;
  let counter: Counter;
  let keyfence: Keyfence;

  const open = (timeoutMs = 20_000) =>
    new Keyfence({
      url: counter.url,
      key: service.operator.key ?? '',
      timeoutMs,
    });

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    counter = new Counter(service.url);
    await counter.start();
    keyfence = open();
  });
  afterEach(() => {
    keyfence.close();
    counter.close();
  });

  /** Lets calls wait until they are let through. */
  function hold(stage: 'before' | 'after'): () => void {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    counter.gate = (at) => (at === stage ? released : Promise.resolve());
    return () => {
      counter.gate = () => Promise.resolve();
      release();
    };
  }

  const until = async (calls: number) => {
    while (counter.asked.length < calls) await sleep(5);
  };

  it('asks about all of one tick in one call, and about the same question once', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => createKey(org.member, org)));
    const asked = keys.flatMap(({ secret }, index) =>
      Array.from({ length: index + 1 }, () => keyfence.verify({ key: secret })),
    );
    const results = await Promise.all(asked);
    const ids = keys.flatMap(({ id }, index) => Array.from({ length: index + 1 }, () => id));
    expect(results.map((each) => each.valid && each.keyId)).toEqual(ids);
    expect(counter.calls).toEqual([5]);
    for (const [index, { id }] of keys.entries()) await untilUses(service.db, id, index + 1);
    // What one request does with its result is nothing to the others.
    const [first, second] = results.slice(-2) as { permissions: string[] }[];
    first?.permissions.push('all:admin');
    expect(second?.permissions).not.toContain('all:admin');
  });

  it('asks about what differs in anything by itself, and tells the results apart', async () => {
    const { secret } = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
    const results = await Promise.all([
      keyfence.verify({ key: secret, ip: '192.0.2.1' }),
      keyfence.verify({ key: secret, ip: '198.51.100.1' }),
      keyfence.verify({ key: secret, ip: '192.0.2.1', userAgent: 'curl/8' }),
      keyfence.verify({ key: secret, ip: '192.0.2.1', permission: 'other:read' }),
      keyfence.verify({ key: newSecret('kf') }),
    ]);
    expect(results.map(({ code }) => code)).toEqual(
      ['VALID', 'IP_NOT_ALLOWED', 'VALID'].concat('INSUFFICIENT_PERMISSION', 'INVALID'),
    );
    expect(counter.calls).toEqual([5]);
  });

  /** Asks about a key, and again once its revoke has returned, while the first response is on its way. */
  async function askAroundRevoke() {
    const key = await createKey(org.member, org);
    const release = hold('after');
    const early = keyfence.verify({ key: key.secret });
    await until(1);
    await counter.responded;
    await org.manager.delete(org.path(`/keys/${key.id}`));
    const late = keyfence.verify({ key: key.secret });
    // Longer than it takes to send a second call.
    await sleep(50);
    release();
    return { early: await early, late: await late };
  }

  it('never lets a request join a call that has been sent', async () => {
    const { early, late } = await askAroundRevoke();
    expect(early).toMatchObject({ valid: true });
    expect(late).toMatchObject({ valid: false, code: 'INVALID' });
    expect(counter.calls).toEqual([1, 1]);
  });

  it('would accept a revoked key otherwise: this order of events shows it', async () => {
    letJoinSentCalls(keyfence);
    const { late } = await askAroundRevoke();
    expect(late).toMatchObject({ valid: true });
    expect(counter.calls).toEqual([1]);
  });

  it('collects while two calls are under way, and sends a third beside two that hang', async () => {
    const { secret } = await createKey(org.member, org);
    const release = hold('before');
    const asked: Promise<unknown>[] = [];
    for (let call = 1; call <= 3; call += 1) {
      asked.push(keyfence.verify({ key: secret, userAgent: `${call}` }));
      await until(call);
    }
    expect(counter.calls).toEqual([1, 1, 1]);
    release();
    for (const each of asked) expect(await each).toMatchObject({ valid: true });
  });

  it('sends up to 500 questions in a call, and the rest in others', async () => {
    const results = await Promise.all(
      Array.from({ length: 1_100 }, () => keyfence.verify({ key: newSecret('kf') })),
    );
    expect(results.every(({ valid }) => !valid)).toBe(true);
    expect(Math.max(...counter.calls)).toBeLessThanOrEqual(500);
    expect(counter.calls.reduce((sum, each) => sum + each, 0)).toBe(1_100);
  });

  it('lets no question spoil the others: what a call cannot have is asked alone', async () => {
    const { secret } = await createKey(org.member, org);
    const odd = [{ key: 5 }, {}, { key: secret, ip: null }, { key: secret, colour: 'red' }];
    const refused = odd.map((question) =>
      expect(keyfence.verify(question as never)).rejects.toThrow(/key|ip|colour/),
    );
    const long = keyfence.verify({ key: 'x'.repeat(50_000) });
    const good = keyfence.verify({ key: secret });
    await Promise.all(refused);
    expect(await long).toMatchObject({ valid: false });
    expect(await good).toMatchObject({ valid: true });
  });

  it('ends each request at its own time, whatever its call waits for', async () => {
    keyfence.close();
    keyfence = open(300);
    const release = hold('before');
    const begun = performance.now();
    const asked = Array.from({ length: 20 }, async (_, index) => {
      await sleep(index * 20);
      await expect(keyfence.verify({ key: 'kf_x' })).rejects.toThrow(Unavailable);
    });
    await Promise.all(asked);
    expect(performance.now() - begun).toBeGreaterThan(300);
    release();
    keyfence.close();
    keyfence = open();
    expect(await keyfence.verify({ key: 'kf_x' })).toMatchObject({ valid: false });
  });

  it('asks a Keyfence that knows no batches about each key, for a minute', async () => {
    const { secret, id } = await createKey(org.member, org);
    counter.isOld = true;
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.all([1, 2, 3].map(() => keyfence.verify({ key: secret })));
      expect(results.map((each) => each.valid && each.keyId)).toEqual([id, id, id]);
    }
    const batches = counter.asked.filter(({ path }) => path.endsWith('/batch'));
    expect(batches).toHaveLength(1);
  });

  it('asks about each key if Keyfence has something against the call', async () => {
    const { secret, id } = await createKey(org.member, org);
    for (const status of [400, 413]) {
      counter.refusal = status;
      const results = await Promise.all([secret, 'x'].map((key) => keyfence.verify({ key })));
      expect(results.map((each) => each.valid && each.keyId)).toEqual([id, false]);
    }
  });

  it('takes no response of another length or form for one', async () => {
    const wrong = ['{}', '{"authSeq":1,"results":[]}', '{"authSeq":1,"results":[{"valid":true}]}'];
    for (const body of [...wrong, '{"results":[{"valid":false,"code":"INVALID"}]}', 'null']) {
      const server = createServer((request, response) => {
        response.setHeader('x-keyfence-nonce', request.headers['x-keyfence-nonce'] ?? '');
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const client = new Keyfence({ url: `http://127.0.0.1:${port}`, key: 'kf_x' });
      await expect(client.verify({ key: 'kf_y' })).rejects.toThrow(Unavailable);
      client.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
