import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { count } from '../support/environment.js';
import { note } from '../support/note.js';
import { Cluster, type Node } from './cluster.js';
import { probe, ways, type Decision } from './probe.js';
import { Team, type TeamKey } from './team.js';

const inFlight = 50;
const keysAsked = 10;
/** Milliseconds that a node may need until it gives decisions again, before the test fails. */
const timeoutMs = 60_000;

/** One verification at the node that is cut off, on the clock of this process. */
interface Seen {
  key: TeamKey;
  begin: number;
  end: number;
  decision: Decision;
  retryAfter: string | undefined;
}

/** Asks a node for keys all the time. */
class Load {
  readonly seen: Seen[] = [];
  private isOver = false;
  private readonly loops: Promise<unknown>;

  constructor(node: Node, team: Team, keys: readonly TeamKey[]) {
    let turn = 0;
    const loop = async () => {
      while (!this.isOver) {
        turn += 1;
        const key = keys[turn % keys.length] as TeamKey;
        const way = ways[turn % ways.length] ?? 'verify';
        const begin = performance.now();
        const { decision, response } = await probe(node, way, team.about(key));
        const retryAfter = response.headers['retry-after'];
        this.seen.push({ key, begin, end: performance.now(), decision, retryAfter });
        if (decision === 'unavailable') await delay(10);
      }
    };
    this.loops = Promise.all(Array.from({ length: inFlight }, loop));
    // It is awaited at the end, which may be later than a failure.
    this.loops.catch(() => undefined);
  }

  /** Waits until there were so many decisions on requests that began behind this time. */
  async untilDecisions(since: number, decisions: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    const found = () =>
      this.seen.filter(({ begin, decision }) => begin >= since && decision !== 'unavailable');
    while (found().length < decisions) {
      if (performance.now() > deadline) throw new Error('the node does not recover');
      await delay(10);
    }
  }

  /** @throws when a request got a response that is never due, or none */
  async end(): Promise<void> {
    this.isOver = true;
    await this.loops;
  }
}

/** What happens to the way between a node and the database, and for how many milliseconds. */
interface Trouble {
  begin: (node: Node) => unknown;
  lasts: number;
}

const troubles: Record<string, Trouble> = {
  'all connections are reset': {
    begin: ({ proxy }) => {
      proxy.cut();
    },
    lasts: 600,
  },
  // Longer than attempts to connect take.
  'no packet arrives': {
    begin: ({ proxy }) => {
      proxy.silence();
    },
    lasts: 1_600,
  },
  'nobody listens': { begin: ({ proxy }) => proxy.refuse(), lasts: 600 },
};

describe('a node whose way to the database is cut while it verifies', () => {
  let cluster: Cluster;
  let team: Team;
  let node: Node;
  let other: Node;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    [node, other] = cluster.nodes as [Node, Node];
    team = await Team.create(cluster);
  });
  afterAll(() => cluster.stop());

  /** Prints how long it took until the node responded, and until it gave decisions again. */
  function report(seen: readonly Seen[], cut: number, healed: number): void {
    const during = seen.filter(({ begin, end }) => begin >= cut && end < healed);
    const longest = Math.max(...during.map(({ begin, end }) => end - begin));
    const back = seen.filter(({ end, decision }) => end >= healed && decision !== 'unavailable');
    const first = Math.min(...back.map(({ end }) => end));
    const last = Math.max(
      healed,
      ...seen.filter(({ decision }) => decision === 'unavailable').map(({ end }) => end),
    );
    note(
      `${during.length} responses during the cut, the longest after ${longest.toFixed(0)} ms; ` +
        `first decision ${(first - healed).toFixed(0)} ms after its end, ` +
        `last 503 after ${(last - healed).toFixed(0)} ms`,
    );
  }

  async function round({ begin, lasts }: Trouble): Promise<void> {
    const keys: TeamKey[] = [];
    while (keys.length < keysAsked) keys.push(await team.createKey(other));
    const load = new Load(node, team, keys);
    await load.untilDecisions(0, 300);
    const cut = performance.now();
    await begin(node);
    const revoked = new Map<TeamKey, number>();
    for (const key of keys.slice(0, keysAsked / 2)) {
      await team.change(other, 'DELETE', team.path(`/keys/${key.id}`));
      revoked.set(key, performance.now());
    }
    await delay(lasts);
    await node.proxy.heal();
    const healed = performance.now();
    await load.untilDecisions(healed, 300);
    await load.end();
    report(load.seen, cut, healed);

    const during = load.seen.filter((one) => one.begin >= cut && one.end < healed);
    expect(during.length).toBeGreaterThan(inFlight);
    expect(new Set(during.map(({ decision }) => decision))).toEqual(new Set(['unavailable']));
    const unavailable = load.seen.filter(({ decision }) => decision === 'unavailable');
    expect(new Set(unavailable.map(({ retryAfter }) => retryAfter))).toEqual(new Set(['1']));
    const isRevoked = ({ key, begin: at }: Seen) => at >= (revoked.get(key) ?? Infinity);
    const stale = load.seen.filter((one) => isRevoked(one) && one.decision === 'allowed');
    expect(stale).toEqual([]);
    const wrong = load.seen.filter(
      ({ key, decision }) => !revoked.has(key) && decision === 'refused',
    );
    expect(wrong).toEqual([]);
    const after = load.seen.filter(({ begin: at }) => at >= healed).map(({ decision }) => decision);
    expect(after).toEqual(expect.arrayContaining(['allowed', 'refused']));
  }

  for (const [name, trouble] of Object.entries(troubles)) {
    it(`allows nothing that is asked afterwards, and recovers by itself: ${name}`, async () => {
      for (let n = 0; n < count(1, 10); n += 1) await round(trouble);
    });
  }
});
