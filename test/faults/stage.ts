import { setTimeout as delay } from 'node:timers/promises';
import { check, type Finding } from './checker.js';
import { wrongClocks } from './clocks.js';
import { Cluster, type ClusterOptions, type Node } from './cluster.js';
import { Filler, prepareFiller } from './filler.js';
import type { Change, Line, Reading } from './history.js';
import type { Request } from './http.js';
import { Random } from './random.js';
import { Readers } from './readers.js';
import { beginning } from './scenario.js';
import { permissions, subjectOf, switches, World, type Key } from './world.js';

/** A race, step by step. */
export type Schedule = (scene: Scene) => Promise<void>;

export type StageOptions = Pick<ClusterOptions, 'preload' | 'patches' | 'database'>;

export interface Played {
  /** What breaks the promise. */
  findings: readonly Finding[];
  /** Responses that are not as they should be, the promise broken or not. */
  surprises: readonly string[];
}

/** Milliseconds that a verification waits: longer than any schedule holds up a query. */
const fenceTimeout = 2_000;
/** After so many milliseconds a node has its database back. */
const recovery = 10_000;

/** Two nodes on one database, for any number of schedules. */
export class Stage {
  private constructor(
    private readonly cluster: Cluster,
    private readonly world: World,
  ) {}

  /** @param setting what makes a mutant of the service, and where it works */
  static async start(setting: StageOptions = {}): Promise<Stage> {
    const behind = wrongClocks.find(({ kind }) => kind === 'clock x1, -1 h');
    if (behind === undefined) throw new Error('no clock is an hour behind');
    const cluster = await Cluster.start({
      ...setting,
      nodes: 2,
      variables: { KEYFENCE_FENCE_TIMEOUT_MS: String(fenceTimeout) },
      clocks: { 1: behind },
    });
    try {
      await prepareFiller(cluster.db);
      return new Stage(cluster, await World.create(cluster));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async play(schedule: Schedule): Promise<Played> {
    const scene = await Scene.create(this.cluster, this.world);
    await schedule(scene);
    return { findings: check(scene.history), surprises: scene.surprises };
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }
}

/** One schedule's two keys and its history. */
export class Scene {
  readonly surprises: string[] = [];
  /** Where changes are made. */
  readonly near: Node;
  /** Which is asked. Its clock is an hour behind. */
  readonly far: Node;
  /** Makes the history longer. */
  readonly filler: Filler;
  private readonly readers: Readers;

  private constructor(
    readonly cluster: Cluster,
    world: World,
    readonly history: Line[],
    readonly key: Key,
    /** Nothing happens to it but what the schedule says. */
    readonly other: Key,
  ) {
    const [near, far] = cluster.nodes;
    if (near === undefined || far === undefined) throw new Error('a scene has two nodes');
    this.near = near;
    this.far = far;
    this.filler = new Filler(cluster.db, history);
    this.readers = new Readers(cluster, world, history, new Random(0));
  }

  static async create(cluster: Cluster, world: World): Promise<Scene> {
    const keys = [await createKey(cluster, world), await createKey(cluster, world)] as const;
    const history: Line[] = [...keys.map(subjectOf), await beginning(cluster.db)];
    return new Scene(cluster, world, history, ...keys);
  }

  /** @param expected left out where the request overlaps a change, and both would be right */
  async read(node: Node, key: Key, expected?: Reading['result']): Promise<Reading> {
    const reading = await this.readers.ask(node, key, 'whoami');
    this.compare(`read at node ${node.index}`, reading.result, expected ?? reading.result);
    return reading;
  }

  /** Waits until the node reaches its database again. */
  async recovered(node: Node): Promise<void> {
    const until = performance.now() + recovery;
    while ((await this.read(node, this.other)).result !== 'valid') {
      if (performance.now() > until) throw new Error(`node ${node.index} does not come back`);
      await delay(20);
    }
  }

  revoke(node: Node, key: Key, expected: Change['result'] = 'ok'): Promise<Change> {
    const request = { method: 'DELETE', path: pathOf(key) } as const;
    return this.change(node, 'key.revoke', key, request, [switches.key(key.id)], expected);
  }

  /** Sends a change once. */
  change(
    node: Node,
    kind: string,
    key: Key,
    request: Request,
    off: readonly string[],
    expected: Change['result'] = 'ok',
  ): Promise<Change> {
    return this.record({ kind, target: key.id, node: node.index, off }, expected, async () => {
      const { status, body } = await node.client.request({
        key: this.cluster.operatorKey,
        ...request,
      });
      if (status === 503) return { result: 'unknown' };
      if (status >= 300) return { result: 'refused', status };
      return { result: 'ok', authSeq: body?.authSeq as number };
    });
  }

  /** Writes down a change that happens in the database itself, and is over when `work` has settled. */
  byHand(
    kind: string,
    key: Key,
    work: () => Promise<unknown>,
    off: readonly string[] = [switches.key(key.id)],
  ): Promise<Change> {
    const what = { kind, target: key.id, node: -1, off };
    return this.record(what, 'ok', async () => {
      await work();
      return { result: 'ok' };
    });
  }

  private async record(
    what: Pick<Change, 'kind' | 'target' | 'node' | 'off'>,
    expected: Change['result'],
    work: () => Promise<Pick<Change, 'result'> & Partial<Change>>,
  ): Promise<Change> {
    const begin = performance.now();
    const outcome = await work();
    const end = outcome.result === 'unknown' ? null : performance.now();
    const unreported = {
      type: 'change',
      on: [],
      attempts: 1,
      status: undefined,
      authSeq: undefined,
    };
    const change = { ...unreported, ...what, begin, end, ...outcome } as Change;
    this.history.push(change);
    this.compare(`${what.kind} at node ${what.node}`, change.result, expected);
    return change;
  }

  private compare(what: string, found: string, expected: string): void {
    if (found !== expected) this.surprises.push(`${what}: ${found}, and not ${expected}`);
  }
}

export const pathOf = ({ id, orgId }: Key) => `/v1/orgs/${orgId}/keys/${id}`;

async function createKey({ nodes: [node], operatorKey }: Cluster, { orgs }: World): Promise<Key> {
  const [org] = orgs;
  const [ownerId] = org?.owners ?? [];
  if (node === undefined || org === undefined || ownerId === undefined) throw new Error('no owner');
  const response = await node.client.request({
    method: 'POST',
    path: `/v1/orgs/${org.id}/keys`,
    key: operatorKey,
    body: { name: 'a key', scope: 'read-write', permissions, ownerId },
  });
  if (response.status !== 201) throw new Error(`no key: ${response.status}`);
  const { key, secret } = response.body as { key: { id: string }; secret: string };
  return { id: key.id, secret, orgId: org.id, ownerId, isChanging: false };
}
