import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Node } from './cluster.js';
import { fromHere, type Line, type Reading, type ReadKind } from './history.js';
import { Hung, type NodeResponse, type Request } from './http.js';
import { ProtectedService } from './protected-service.js';
import type { Random } from './random.js';
import { permissions, type Key, type World } from './world.js';

/** What a response says of a key. */
type Reported = Pick<Reading, 'result' | 'holds' | 'lacks'>;

const none: readonly string[] = [];
const invalid: Reported = { result: 'invalid', holds: none, lacks: none };
const wrong: Reported = { result: 'wrong', holds: none, lacks: none };
const unavailable: Reported = { result: 'unavailable', holds: none, lacks: none };
/** All refusals but this one come before it. */
const notFromHere: Reported = { result: 'valid', holds: none, lacks: [fromHere] };

/** Permissions that depend on a switch; every key has the first one, always. */
const watched = permissions.slice(1);
const validOnes = new Map<string, Reported>();
/** Few enough that none waits for longer than a verification may. */
const walkersPerNode = 8;
/** After so long a node that has its database again gives decisions, on a machine that is busy. */
const recoveryMs = 30_000;

function valid(held: readonly string[]): Reported {
  const name = held.join(',');
  let reported = validOnes.get(name);
  if (reported === undefined) {
    const holds = [fromHere, ...watched.filter((one) => held.includes(one))];
    reported = { result: 'valid', holds, lacks: watched.filter((one) => !held.includes(one)) };
    validOnes.set(name, reported);
  }
  return reported;
}

function lacking(asked: string | undefined): Reported {
  if (asked === undefined) return wrong;
  return { result: 'valid', holds: [fromHere], lacks: [asked] };
}

function readVerify(body: NodeResponse['body'], asked: string | undefined): Reported {
  switch (body?.code) {
    case 'VALID':
      return valid(body.permissions as string[]);
    case 'INVALID':
      return invalid;
    case 'IP_NOT_ALLOWED':
      return notFromHere;
    case 'INSUFFICIENT_PERMISSION':
      return lacking(asked);
    default:
      return wrong;
  }
}

function readStatus({ status, body, headers }: NodeResponse, asked: string | undefined): Reported {
  if (status === 200) return valid(body.permissions as string[]);
  if (status === 204) return valid(String(headers['x-keyfence-permissions']).split(','));
  if (status === 401) return invalid;
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

  /** Asks every node once more. */
  round(): Promise<void> {
    return this.walk(this.cluster.nodes, this.world.everyKey());
  }

  /** Asks each of these nodes for each of these keys once. */
  async walk(nodes: readonly Node[], keys: readonly Key[]): Promise<void> {
    const walkers = nodes.flatMap((node) => {
      const rest = keys.values();
      const walker = async () => {
        for (const key of rest) await this.ask(node, key, this.kind(0));
      };
      return Array.from({ length: walkersPerNode }, walker);
    });
    await Promise.all(walkers);
  }

  /** Asks the node until it says whether the key is valid, for a while. */
  async untilDecision(node: Node, key: Key | undefined): Promise<void> {
    if (key === undefined) return;
    const until = performance.now() + recoveryMs;
    while (performance.now() < until) {
      const { result } = await this.ask(node, key, this.kind(0));
      if (result === 'valid' || result === 'invalid') return;
      await delay(20);
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
    if (dice < 0.5) return dice < 0.25 ? 'verify' : 'verify-batch';
    return dice < 0.75 ? 'whoami' : 'forward-auth';
  }

  /** @param asked a permission that the key shall hold */
  async ask(node: Node, key: Key, kind: ReadKind, asked?: string): Promise<Reading> {
    const request = this.requestFor(key, kind, asked);
    const begin = performance.now();
    let status = 0;
    let authSeq: number | undefined;
    let reported: Reported;
    try {
      const { client } = this.services.get(node) ?? node;
      const response = await client.request(request);
      ({ status } = response);
      authSeq = response.body?.authSeq;
      reported = this.read(response, kind, asked);
    } catch (error) {
      reported = { result: error instanceof Hung ? 'hung' : 'lost', holds: none, lacks: none };
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
    const line: Reading = { ...reading, ...reported };
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
    const { verifierKey } = this.world;
    if (kind === 'verify') {
      return { method: 'POST', path: '/v1/verify', key: verifierKey, body };
    }
    // Beside another key, which may be valid or not.
    const beside = this.world.pick(this.random)?.secret ?? '';
    const questions = [{ key: beside }, body];
    return { method: 'POST', path: '/v1/verify/batch', key: verifierKey, body: { questions } };
  }

  private read(response: NodeResponse, kind: ReadKind, asked: string | undefined): Reported {
    if (response.status === 503) return unavailable;
    if (kind !== 'verify' && kind !== 'verify-batch') return readStatus(response, asked);
    // The verifier's own key is always valid.
    if (response.status !== 200) return wrong;
    return readVerify(kind === 'verify' ? response.body : response.body.results?.[1], asked);
  }
}
