import { setTimeout as delay } from 'node:timers/promises';
import { wrongClocks } from './clocks.js';
import type { Cluster, Node } from './cluster.js';
import { databaseTroubles, serverTroubles, type DatabaseTrouble } from './database-troubles.js';
import type { Line, Trouble } from './history.js';
import type { Random } from './random.js';
import { restart } from './restart.js';
import type { Sleeper } from './sleeper.js';

const everywhere = -1;

/**
 * Harms nodes, their clocks, their ways to the database and the database, one or two at a time. Now and
 * then it lets nodes miss a long history.
 */
export class Nemesis {
  private readonly databaseTroubles: readonly DatabaseTrouble[];

  /**
   * @param dataDir where the files of the PostgreSQL server are; left out when the server serves
   *   others, who must not be troubled
   */
  constructor(
    private readonly cluster: Cluster,
    private readonly history: Line[],
    private readonly random: Random,
    private readonly sleeper: Sleeper,
    dataDir: string | undefined,
  ) {
    const ofServer = dataDir === undefined ? [] : serverTroubles(dataDir);
    this.databaseTroubles = [...databaseTroubles, ...ofServer];
  }

  /** Goes on until this time of the driver's clock, with a calm period before each trouble. */
  async run(until: number): Promise<void> {
    let nextSleep = performance.now() + this.random.between(0, 3_000);
    for (;;) {
      await this.calm();
      const now = performance.now();
      if (now > until) return;
      if (now > nextSleep) {
        nextSleep = now + this.random.between(4_000, 13_000);
        await this.sleeper.sleep();
        await this.calm();
        if (performance.now() > until) return;
      }
      const dice = this.random.next();
      if (dice < 0.06) await this.stop(this.cluster.nodes, everywhere, 3_000);
      else if (dice < 0.35) await this.database();
      else await this.someNodes(dice < 0.75 ? 1 : 2);
    }
  }

  private calm(): Promise<void> {
    return delay(this.random.between(500, 2_000));
  }

  private async someNodes(count: number): Promise<void> {
    const rest = [...this.cluster.nodes];
    const troubles: Promise<void>[] = [];
    while (troubles.length < count && rest.length > 1) {
      const node = this.random.pick(rest);
      rest.splice(rest.indexOf(node), 1);
      troubles.push(this.node(node));
    }
    await Promise.all(troubles);
  }

  private node(node: Node): Promise<void> {
    // Restarts take long, so the others are as many.
    const networkTroubles = [
      () =>
        this.network('silence', node, () => {
          node.proxy.silence();
        }),
      () =>
        this.network('cut', node, () => {
          node.proxy.cut();
        }),
      () => this.network('refuse', node, () => node.proxy.refuse()),
      () =>
        this.network('delay', node, () => {
          node.proxy.slow(100);
        }),
    ];
    const dice = this.random.next();
    if (dice < 0.25) return this.stop([node], node.index, 8_000);
    if (dice < 0.4) return this.kill(node);
    if (dice < 0.5) return this.changeClock(node);
    return this.random.pick(networkTroubles)();
  }

  private stop(nodes: readonly Node[], index: number, longest: number): Promise<void> {
    const stopped = async () => {
      for (const node of nodes) node.signal('SIGSTOP');
      await delay(this.random.between(200, longest));
      for (const node of nodes) node.signal('SIGCONT');
    };
    return this.during('stop', index, stopped, 0);
  }

  private kill(node: Node): Promise<void> {
    return this.during('kill', node.index, async () => {
      await node.kill();
      await delay(this.random.between(0, 1_000));
      await restart(node, this.history);
    });
  }

  /** Restarts the node with a wrong clock, and after a while with a right one. */
  private changeClock(node: Node): Promise<void> {
    const { kind, rate, ...clock } = this.random.pick(wrongClocks);
    const wrongTime = async () => {
      await node.kill();
      await restart(node, this.history, clock);
      await delay(this.random.between(2_000, 6_000));
      await node.kill();
      await restart(node, this.history);
    };
    return this.during(kind, node.index, wrongTime, rate);
  }

  private network(
    kind: string,
    { index, proxy }: Node,
    harm: () => void | Promise<void>,
  ): Promise<void> {
    return this.during(kind, index, async () => {
      await harm();
      await delay(this.random.between(200, 4_000));
      await proxy.heal();
    });
  }

  private async database(): Promise<void> {
    const { kind, run } = this.random.pick(this.databaseTroubles);
    await this.during(kind, everywhere, () => run(this.cluster, this.random.between(500, 3_000)));
  }

  private async during(
    kind: string,
    node: number,
    work: () => Promise<void>,
    rate?: number,
  ): Promise<void> {
    const begin = performance.now();
    await work();
    const trouble: Trouble = { type: 'trouble', kind, node, begin, end: performance.now() };
    this.history.push(rate === undefined ? trouble : { ...trouble, rate });
  }
}
