import { headOf } from '../support/history.js';
import type { Cluster, Node } from './cluster.js';
import type { Crowd, Crowds, Undo } from './crowds.js';
import { numbersStored, rowsOfResponse, type Filler } from './filler.js';
import type { Gate } from './gate.js';
import type { Line } from './history.js';
import type { Random } from './random.js';
import type { Readers } from './readers.js';
import { restart } from './restart.js';

/** Keys that a node is asked for before and after. */
const mostAsked = 120;

/** How a node comes to miss a part of the history. */
interface Way {
  kind: string;
  rate?: number;
  begin: (node: Node) => void | Promise<void>;
  end: (node: Node, history: Line[]) => void | Promise<void>;
}

const ways: readonly Way[] = [
  {
    kind: 'sleep, stopped',
    rate: 0,
    begin: (node) => {
      node.signal('SIGSTOP');
    },
    end: (node) => {
      node.signal('SIGCONT');
    },
  },
  {
    kind: 'sleep, cut off',
    begin: ({ proxy }) => {
      proxy.cut();
    },
    end: ({ proxy }) => proxy.heal(),
  },
  {
    kind: 'sleep, silence',
    begin: ({ proxy }) => {
      proxy.silence();
    },
    end: ({ proxy }) => proxy.heal(),
  },
  { kind: 'sleep, down', begin: (node) => node.kill(), end: restart },
];

/** What a sleep is made with. */
export interface Bedroom {
  readonly cluster: Cluster;
  readonly history: Line[];
  readonly crowds: Crowds;
  readonly filler: Filler;
  readonly readers: Readers;
  /** All other changes go through it. */
  readonly gate: Gate;
  readonly random: Random;
}

/**
 * Lets a node miss so much of the history that a response does not hold all of it, or that a part has been
 * pruned, and changes that deny many keys beside it.
 */
export class Sleeper {
  constructor(private readonly parts: Bedroom) {}

  async sleep(): Promise<void> {
    const { random, crowds, gate } = this.parts;
    const size = random.chance(0.15) ? random.between(1_000, 1_200) : random.between(150, 450);
    await crowds.use(size, async (crowd) => {
      // The number of rows is exact where nobody else makes any; else there is less to catch.
      if (random.chance(0.7)) await gate.alone(() => this.through(crowd));
      else await this.through(crowd);
    });
  }

  private async through(crowd: Crowd): Promise<void> {
    const { readers, random, cluster, history } = this.parts;
    const nodes = this.someNodes();
    const way = random.pick(ways);
    // Those that `revoke` takes first, and some that it leaves.
    const asked = crowd.keys.slice(0, mostAsked);
    await readers.walk(nodes, asked);
    const before = await headOf(cluster.db);
    const begin = performance.now();
    await Promise.all(nodes.map((node) => this.fallAsleep(node, way)));
    const undo = await this.missed(crowd);
    const rows = await this.rowsSince(before);
    await Promise.all(nodes.map((node) => this.wake(node, way)));
    const what = { type: 'trouble', kind: way.kind, begin, end: performance.now(), rows } as const;
    for (const { index } of nodes) {
      history.push({ ...what, node: index, ...(way.rate === undefined ? {} : { rate: way.rate }) });
    }
    await Promise.all(nodes.map((node) => readers.untilDecision(node, asked[0])));
    await readers.walk(nodes, asked);
    await undo();
    await readers.walk(nodes, asked);
  }

  /** One, sometimes two, and never all. */
  private someNodes(): Node[] {
    const { cluster, random } = this.parts;
    const able = cluster.nodes.filter(({ isOfOtherRelease }) => !isOfOtherRelease);
    const first = random.pick(able);
    const rest = able.filter((node) => node !== first);
    const isTwo = rest.length > 0 && cluster.nodes.length > 2 && random.chance(0.25);
    return isTwo ? [first, random.pick(rest)] : [first];
  }

  private async fallAsleep(node: Node, way: Way): Promise<void> {
    node.isAsleep = true;
    await way.begin(node);
  }

  private async wake(node: Node, way: Way): Promise<void> {
    await way.end(node, this.parts.history);
    node.isAsleep = false;
  }

  /** What happens meanwhile. */
  private missed(crowd: Crowd): Promise<Undo> {
    const dice = this.parts.random.next();
    if (dice < 0.4) return this.upToTheEdge(crowd);
    if (dice < 0.9) return this.aroundTheEdge(crowd);
    return this.prunedOnes(crowd);
  }

  /** As many rows as one response holds, some more, or some less; the last ones revoke one key or many. */
  private async upToTheEdge(crowd: Crowd): Promise<Undo> {
    const { random, crowds } = this.parts;
    const keys = random.pick([1, 1, 2, 3, 100].filter((one) => one <= crowd.keys.length));
    const revoking = keys + 1;
    const over = Math.floor(random.pick([0, 1, 1, 2, random.between(-10, 11)]));
    // With many keys the edge is anywhere in what revokes them, the first row and the last included.
    const within = keys > 3 ? Math.floor(random.between(0, revoking + 1)) : 0;
    await this.fill(rowsOfResponse + over + within - revoking);
    return crowds.revoke(crowd, keys);
  }

  /** Some rows, something large, and some rows again or none. */
  private async aroundTheEdge(crowd: Crowd): Promise<Undo> {
    const { random, crowds } = this.parts;
    await this.fill(random.between(4_700, 5_200));
    const undo = await crowds.denySomehow(crowd);
    if (random.chance(0.3)) await this.fill(random.between(10, 5_500));
    return undo;
  }

  /** So many numbers that what denies the keys is not in the history any more, or only just. */
  private async prunedOnes(crowd: Crowd): Promise<Undo> {
    const { random, crowds, filler } = this.parts;
    const undo = await crowds.denySomehow(crowd);
    const count = Math.floor(numbersStored + random.between(-10, 200));
    await (random.chance(0.1) ? filler.renames(count) : filler.skip(count));
    return undo;
  }

  private fill(rows: number): Promise<void> {
    const { random, filler } = this.parts;
    const count = Math.floor(rows);
    // Small ones take ten times as long.
    return random.chance(0.3) ? filler.smallChanges(count) : filler.largeChanges(count);
  }

  private async rowsSince(number: number): Promise<number> {
    const { rows } = await this.parts.cluster.db.query<{ count: string }>(
      'SELECT count(*) FROM auth_log WHERE n > $1',
      [number],
    );
    return Number(rows[0]?.count);
  }
}
