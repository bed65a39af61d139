import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import {
  change,
  createTarget,
  createTeam,
  drawChanges,
  type Outcome,
  type Team,
} from '../support/changes.js';
import { verifyNow } from '../support/chain.js';
import type { ApiResponse, Caller } from '../support/client.js';
import { count, drawSeed } from '../support/environment.js';
import { hold, untilWaiting } from '../support/locks.js';
import { startNode, type NodeProcess } from '../support/node-process.js';
import { note } from '../support/note.js';
import { findMisreported, findUnaudited } from '../support/replay.js';
import { startService, type Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/**
 * Milliseconds for which nodes that are stopped may keep a revocation waiting: what they left open
 * ends after 3 s, and who waits for it gets that after 2 s. Six times that, for slow machines.
 */
const bound = 6 * (2_000 + 3_000);

const victimsAtOnce = 6;
const targetsAtOnce = 5;

interface Fault {
  begin: () => Promise<void>;
  /** May be called again. */
  end: () => Promise<void>;
}

/** When the victims stop, and when they go on. */
interface Moments {
  /** Whether a lock holds a change up until they are stopped: it is sure to be open then. */
  isHeldUp: boolean;
  /** After so many responses. */
  stop: number;
  /** After so many milliseconds; undefined once all revocations are done. */
  goOn: number | undefined;
}

type Target = Awaited<ReturnType<typeof createTarget>>;

describe('Two nodes that are stopped in the middle of changes', () => {
  let service: Service;
  /** Whose rows the victims change, and whose they never touch. */
  let busy: Team;
  let quiet: Team;
  let survivor: NodeProcess;
  let victims: NodeProcess[] = [];
  const proxies: TcpProxy[] = [];
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    service = await startService();
    busy = await createTeam(service, 10);
    quiet = await createTeam(service, 0);
    for (let n = 0; n < 2; n += 1) proxies.push(await TcpProxy.start(service.settings.databaseUrl));
    const urls = proxies.map((proxy) => proxy.url(service.settings.databaseUrl));
    survivor = await startNode(service);
    victims = await Promise.all(urls.map((url) => startNode(service, url)));
  });
  afterAll(async () => {
    for (const { child } of [survivor, ...victims]) child.kill('SIGKILL');
    for (const proxy of proxies) await proxy.close();
    await service.stop();
  });

  const operator = (node: { as: (key: string) => Caller }) => node.as(service.operator.key ?? '');

  const signal = (name: NodeJS.Signals) => () => {
    for (const { child } of victims) child.kill(name);
    return Promise.resolve();
  };
  const faults: Record<string, Fault> = {
    'SIGSTOP of the processes': { begin: signal('SIGSTOP'), end: signal('SIGCONT') },
    'no packet between them and the database': {
      begin: () => {
        for (const proxy of proxies) proxy.silence();
        return Promise.resolve();
      },
      end: async () => {
        for (const proxy of proxies) await proxy.heal();
      },
    },
  };

  /** Asks both victims for one change after the other, until a caller ends it. */
  function startStream(seed: number): { end: () => Promise<unknown> } {
    const draws = drawChanges(seed, 5_000);
    let isRunning = true;
    const work = async ({ as }: NodeProcess) => {
      while (isRunning) {
        const draw = draws.pop();
        if (draw === undefined) throw new Error('there are not enough changes');
        outcomes.push(await change([busy], draw, service.operator.key ?? '', as));
      }
    };
    const loops = Promise.all(
      victims.flatMap((victim) => Array.from({ length: victimsAtOnce }, () => work(victim))),
    );
    return {
      end: () => {
        isRunning = false;
        return loops;
      },
    };
  }

  /**
   * Calls until it succeeds. Only a 503 may come before, and not for longer than the bound.
   *
   * @param codes what these 503 may say; any where none is named
   */
  async function insist(
    call: () => Promise<ApiResponse>,
    ...codes: string[]
  ): Promise<ApiResponse> {
    const start = performance.now();
    for (;;) {
      // A node that goes on after a stop may close a connection with a request in it.
      const response = await call().catch(() => undefined);
      if (response !== undefined && response.status < 300) return response;
      if (response !== undefined) {
        expect(response).toMatchObject({ status: 503 });
        if (codes.length > 0) expect(codes).toContain(response.body.code);
      }
      expect(performance.now() - start).toBeLessThan(bound);
    }
  }

  /** Whether a request that arrives now is let through, if it gets a response at all. */
  async function isAccepted(node: { as: (key: string) => Caller }, secret: string) {
    const responses = await Promise.all([
      operator(node)
        .post('/v1/verify', { key: secret })
        .catch(() => undefined),
      node
        .as(secret)
        .get('/v1/whoami')
        .catch(() => undefined),
    ]);
    return responses.some((response) => response?.status === 200 && response.body.valid !== false);
  }

  /** Revokes the key through a node that is well, and asks all nodes for it afterwards. */
  async function revoke(
    { id, secret }: Target,
    team: Team,
    n: number,
  ): Promise<Promise<boolean>[]> {
    const node = n % 2 === 0 ? service : survivor;
    const send = () => operator(node).delete(team.org.path(`/keys/${id}`));
    // Only a starved machine may refuse it there, and never for a lock.
    await insist(send, 'unavailable', ...(team === busy ? ['busy'] : []));
    for (const living of [service, survivor]) {
      const { body } = await insist(() => operator(living).post('/v1/verify', { key: secret }));
      expect(body).toMatchObject({ code: 'INVALID' });
    }
    return victims.map((victim) => isAccepted(victim, secret));
  }

  /** How many transactions wait for their clients, for so many seconds already. */
  async function leftOpen(seconds: number): Promise<number> {
    const { rows } = await service.db.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database()
       AND state = 'idle in transaction'
       AND state_change <= clock_timestamp() - make_interval(secs => $1)`,
      [seconds],
    );
    return rows.length;
  }

  /** Begins the fault while a change of a victim waits in the database, which goes on with it. */
  async function beginInside(fault: Fault): Promise<void> {
    await using lock = await hold(
      service.db,
      'SELECT FROM organisations WHERE id = $1 FOR UPDATE',
      [busy.org.id],
    );
    await untilWaiting(service.db);
    await fault.begin();
    await lock.commit();
  }

  /** Each victim knows what was revoked while it stood still. */
  async function expectRefused(secret: string): Promise<void> {
    for (const victim of victims) {
      const { body } = await insist(() => operator(victim).post('/v1/verify', { key: secret }));
      expect(body).toMatchObject({ code: 'INVALID' });
    }
  }

  /** @returns how many transactions were open when the victims stood still */
  async function round(fault: Fault, seed: number, moments: Moments): Promise<number> {
    await operator(service).post(busy.org.path('/resume'));
    const targets: [Target, Team][] = [];
    for (let n = 0; n < targetsAtOnce; n += 1) {
      for (const team of [busy, quiet]) targets.push([await createTarget(service, team), team]);
    }
    busy.keys.push(...targets.flatMap(([target, team]) => (team === busy ? [target] : [])));
    const before = outcomes.length;
    const stream = startStream(seed);
    try {
      while (outcomes.length < before + moments.stop) await delay(5);
      await (moments.isHeldUp ? beginInside(fault) : fault.begin());
      const [open, accepted] = await Promise.all([
        delay(300).then(() => leftOpen(0.2)),
        Promise.all(targets.map(([target, team], n) => revoke(target, team, n))),
        moments.goOn === undefined ? undefined : delay(moments.goOn).then(fault.end),
      ]);
      await fault.end();
      for (const response of accepted.flat()) expect(await response).toBe(false);
      for (const [{ secret }] of targets) await expectRefused(secret);
      return open;
    } finally {
      await fault.end();
      await stream.end();
    }
  }

  /** Each victim creates and revokes a key again. */
  async function expectWorking(): Promise<void> {
    for (const victim of victims) {
      const path = quiet.org.path('/keys');
      const body = { name: 'after', scope: 'read', ownerId: quiet.org.manager.userId };
      const created = await insist(() => operator(victim).post(path, body));
      expect(await isAccepted(survivor, created.body.secret)).toBe(true);
      await insist(() => operator(victim).delete(`${path}/${created.body.key.id}`));
      expect(await isAccepted(survivor, created.body.secret)).toBe(false);
    }
  }

  it('lose a change whose transaction ended meanwhile, and respond with 503', async () => {
    const [victim] = victims as [NodeProcess];
    const { id } = await createTarget(service, quiet);
    await using lock = await hold(service.db, 'SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [
      id,
    ]);
    const response = operator(victim).delete(quiet.org.path(`/keys/${id}`));
    await untilWaiting(service.db);
    const { rows } = await service.db.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    victim.child.kill('SIGSTOP');
    await lock.commit();
    // Now its response is on the way to a node that does not read it, and the end will follow.
    while ((await leftOpen(0)) === 0) await delay(5);
    await service.db.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    victim.child.kill('SIGCONT');
    expect(await response).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    const { body } = await operator(service).get(quiet.org.path(`/keys/${id}`));
    expect(body).toMatchObject({ state: 'active' });
  });

  for (const [name, fault] of Object.entries(faults)) {
    it(`delay revocations briefly at most, and leave no change in part: ${name}`, async () => {
      const seed = drawSeed();
      note(`KEYFENCE_TEST_SEED=${seed}`);
      const drawn = fc.record({
        stop: fc.integer({ min: 5, max: 60 }),
        goOn: fc.integer({ min: 400, max: 2_500 }),
      });
      const moments = fc.sample(drawn, { seed, numRuns: count(2, 6) });
      outcomes.length = 0;
      let open = 0;
      for (const [n, { stop, goOn }] of moments.entries()) {
        const isEven = n % 2 === 0;
        const moment = { stop, goOn: isEven ? undefined : goOn, isHeldUp: isEven };
        open += await round(fault, seed + n, moment);
      }
      await expectWorking();
      note(`${outcomes.length} changes; ${open} transactions were left open`);
      expect(open).toBeGreaterThan(0);
      const statuses = outcomes.map(({ response }) => response?.status ?? 0);
      expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([]);
      expect(await findUnaudited(service.db)).toEqual([]);
      expect(await findMisreported(service.db, outcomes)).toEqual([]);
      expect(await verifyNow(service.db)).toMatchObject({ findings: [] });
    });
  }
});
