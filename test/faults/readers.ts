import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Node } from './cluster.js';
import { fromHere, type Line, type Reading, type ReadKind } from './history.js';
import { Hung, type Answer, type Request } from './http.js';
import { ProtectedService } from './protected-service.js';
import type { Random } from './random.js';
import { permissions, type Key, type World } from './world.js';

/** What an answer says of a key. */
type Told = Pick<Reading, 'result' | 'holds' | 'lacks'>;

const none: readonly string[] = [];
const bad: Told = { result: 'bad', holds: none, lacks: none };
const wrong: Told = { result: 'wrong', holds: none, lacks: none };
const unavailable: Told = { result: 'unavailable', holds: none, lacks: none };
/** All refusals but this one come before it. */
const notFromHere: Told = { result: 'good', holds: none, lacks: [fromHere] };

/** Permissions that depend on a switch; every key has the first one, always. */
const watched = permissions.slice(1);
const goods = new Map<string, Told>();

function good(held: readonly string[]): Told {
  const name = held.join(',');
  let told = goods.get(name);
  if (told === undefined) {
    const holds = [fromHere, ...watched.filter((one) => held.includes(one))];
    told = { result: 'good', holds, lacks: watched.filter((one) => !held.includes(one)) };
    goods.set(name, told);
  }
  return told;
}

function lacking(asked: string | undefined): Told {
  if (asked === undefined) return wrong;
  return { result: 'good', holds: [fromHere], lacks: [asked] };
}

function toldByVerify({ body }: Answer, asked: string | undefined): Told {
  switch (body?.code) {
    case 'VALID':
      return good(body.permissions as string[]);
    case 'INVALID':
      return bad;
    case 'IP_NOT_ALLOWED':
      return notFromHere;
    case 'INSUFFICIENT_PERMISSION':
      return lacking(asked);
    default:
      return wrong;
  }
}

function toldByStatus({ status, body, headers }: Answer, asked: string | undefined): Told {
  if (status === 200) return good(body.permissions as string[]);
  if (status === 204) return good(String(headers['x-keyfence-permissions']).split(','));
  if (status === 401) return bad;
  if (status !== 403) return wrong;
  if (body?.code === 'ip_not_allowed') return notFromHere;
  return body?.code === 'insufficient_permission' ? lacking(asked) : wrong;
}

/** Asks nodes for keys, again and again, and writes the history. */
export class Readers {
  private isOver = false;
  private readonly loops: Promise<void>[] = [];
  /** By node; none where nodes are asked themselves. */
  private readonly services = new Map<Node, ProtectedService>();

  constructor(
    private readonly cluster: Cluster,
    private readonly world: World,
    private readonly history: Line[],
    private readonly random: Random,
  ) {}

  /** From now on services are asked that the guard package protects, one in front of each node. */
  async protect(): Promise<void> {
    for (const node of this.cluster.nodes) {
      const service = new ProtectedService(node, this.world.verifierKey);
      await service.start();
      this.services.set(node, service);
    }
  }

  /** Keeps so many requests in flight at each node, so that one that is stopped holds up no other. */
  start(perNode: number): void {
    for (const node of this.cluster.nodes) {
      for (let count = 0; count < perNode; count += 1) this.loops.push(this.loop(node));
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }

  close(): void {
    for (const service of this.services.values()) service.close();
  }

  /** Asks every node for every key once. */
  async round(): Promise<void> {
    for (const key of this.world.everyKey()) {
      await Promise.all(this.cluster.nodes.map((node) => this.ask(node, key, this.kind(0))));
    }
  }

  private async loop(node: Node): Promise<void> {
    while (!this.isOver) {
      const key = this.world.pick(this.random);
      if (key === undefined) throw new Error('there is no key to ask for');
      const kind = this.kind(this.random.next());
      const asked = this.random.chance(0.4) ? this.random.pick(watched) : undefined;
      const { result } = await this.ask(node, key, kind, asked);
      if (result === 'lost') await delay(100);
    }
  }

  private kind(dice: number): ReadKind {
    if (this.services.size > 0) return 'guarded';
    return dice < 0.5 ? 'verify' : dice < 0.75 ? 'whoami' : 'forward-auth';
  }

  /** @param asked a permission that the key shall hold */
  async ask(node: Node, key: Key, kind: ReadKind, asked?: string): Promise<Reading> {
    const request = this.requestFor(key, kind, asked);
    const begin = performance.now();
    let status = 0;
    let authSeq: number | undefined;
    let told: Told;
    try {
      const { client } = this.services.get(node) ?? node;
      const answer = await client.request(request);
      ({ status } = answer);
      authSeq = answer.body?.authSeq;
      told = this.read(answer, kind, asked);
    } catch (error) {
      told = { result: error instanceof Hung ? 'hung' : 'lost', holds: none, lacks: none };
    }
    const end = performance.now();
    const { index } = node;
    const { id } = key;
    const reading = {
      type: 'read',
      kind,
      key: id,
      node: index,
      begin,
      end,
      status,
      authSeq,
    } as const;
    const line: Reading = { ...reading, ...told };
    this.history.push(line);
    return line;
  }

  private requestFor({ secret }: Key, kind: ReadKind, asked: string | undefined): Request {
    if (kind === 'guarded') return { method: 'GET', path: `/${asked ?? 'any'}`, key: secret };
    if (kind === 'whoami') return { method: 'GET', path: '/v1/whoami', key: secret };
    if (kind === 'forward-auth') {
      return { method: 'GET', path: `/v1/forward-auth/${asked ?? 'any'}`, key: secret };
    }
    const body = {
      key: secret,
      ip: '127.0.0.1',
      ...(asked === undefined ? {} : { permission: asked }),
    };
    return { method: 'POST', path: '/v1/verify', key: this.world.verifierKey, body };
  }

  private read(answer: Answer, kind: ReadKind, asked: string | undefined): Told {
    if (answer.status === 503) return unavailable;
    if (kind !== 'verify') return toldByStatus(answer, asked);
    // The verifier's own key is always good.
    return answer.status === 200 ? toldByVerify(answer, asked) : wrong;
  }
}
