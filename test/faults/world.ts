import { randomUUID } from 'node:crypto';
import type { Cluster } from './cluster.js';
import { fromHere, type Subject } from './history.js';
import type { Method } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import type { Random } from './random.js';

/** What every key is made for. Each can be taken away by one kind of change only. */
export const permissions = ['data:read', 'data:write', 'log:read', 'log:write', 'members:read'];
export const orgGrants = ['data:read', 'data:write', 'log:read', 'log:write'];
export const without = (list: readonly string[], one: string) => list.filter((p) => p !== one);

export interface Org {
  id: string;
  /** Users whose keys are asked for. A further manager keeps the organisation in order. */
  owners: string[];
}

export interface Key {
  id: string;
  secret: string;
  orgId: string;
  ownerId: string;
  /** Something narrows or ends it; nothing else shall. */
  isChanging: boolean;
}

/** Names of the switches that verdicts depend on. */
export const switches = {
  key: (id: string) => `key/${id}`,
  address: (id: string) => `address/${id}`,
  list: (id: string) => `list/${id}`,
  user: (id: string) => `user/${id}`,
  org: (id: string) => `org/${id}`,
  orgGrants: (id: string) => `grants/${id}`,
  member: (orgId: string, userId: string) => `member/${orgId}/${userId}`,
  role: (orgId: string, userId: string) => `role/${orgId}/${userId}`,
  memberGrants: (orgId: string, userId: string) => `grants/${orgId}/${userId}`,
};

export function subjectOf({ id, orgId, ownerId }: Key): Subject {
  return {
    type: 'key',
    id,
    needs: [
      switches.key(id),
      switches.user(ownerId),
      switches.member(orgId, ownerId),
      switches.org(orgId),
    ],
    permissions: {
      [fromHere]: switches.address(id),
      'data:write': switches.orgGrants(orgId),
      'log:read': switches.list(id),
      'log:write': switches.memberGrants(orgId, ownerId),
      'members:read': switches.role(orgId, ownerId),
    },
  };
}

const orgs = 3;
const ownersPerOrg = 4;
const deadKept = 60;
const hotKept = 40;

/** The organisations, users and keys that the driver asks about and changes. */
export class World {
  readonly live: Key[] = [];
  private readonly dead: Key[] = [];
  /** Keys that something has just happened to. */
  private readonly hot: Key[] = [];

  private constructor(
    readonly orgs: readonly Org[],
    /** A key that can verify and nothing else, as protected services have one. */
    readonly verifierKey: string,
  ) {}

  static async create(cluster: Cluster): Promise<World> {
    const call = (method: Method, path: string, body?: unknown) =>
      succeed(cluster, method, path, body);
    const self = await call('GET', '/v1/whoami');
    const verifier = await call('POST', `/v1/orgs/${self.orgId}/keys`, {
      name: 'verifier',
      scope: 'read',
      permissions: ['verify:read'],
    });
    const all: Org[] = [];
    for (let index = 0; index < orgs; index += 1) {
      const slug = `org-${index}`;
      const { id } = await call('POST', '/v1/orgs', { name: slug, slug, grants: orgGrants });
      const path = `/v1/orgs/${id}/service-accounts`;
      const add = async () =>
        (await call('POST', path, { name: 'a service', role: 'manager' })).userId ?? '';
      await add();
      const owners: string[] = [];
      while (owners.length < ownersPerOrg) owners.push(await add());
      all.push({ id: id ?? '', owners });
    }
    return new World(all, verifier.secret ?? '');
  }

  add(key: Key): void {
    this.live.push(key);
    this.heat([key]);
  }

  /** The key is asked for still, but nobody expects it to come back. */
  bury(key: Key): void {
    const index = this.live.indexOf(key);
    if (index === -1) return;
    this.live.splice(index, 1);
    this.dead.push(key);
    if (this.dead.length > deadKept) this.dead.shift();
  }

  /** From now on these are asked for more often than others. */
  heat(keys: readonly Key[]): void {
    this.hot.push(...keys);
    if (this.hot.length > hotKept) this.hot.splice(0, this.hot.length - hotKept);
  }

  keysOf(orgId: string, ownerId?: string): Key[] {
    return this.live.filter(
      (key) => key.orgId === orgId && (ownerId === undefined || key.ownerId === ownerId),
    );
  }

  /** A key to ask for. */
  pick(random: Random): Key | undefined {
    const dice = random.next();
    const list = dice < 0.5 ? this.hot : dice < 0.85 ? this.live : this.dead;
    return list.length > 0 ? random.pick(list) : this.live[0];
  }

  everyKey(): Key[] {
    return [...this.live, ...this.dead];
  }
}

/** Calls the first node until it answers: a busy machine may look like a database that is away. */
async function succeed(
  { nodes: [node], operatorKey }: Cluster,
  method: Method,
  path: string,
  body?: unknown,
): Promise<Record<string, string | undefined>> {
  if (node === undefined) throw new Error('a cluster without nodes');
  const headers: Record<string, string> =
    method === 'GET' ? {} : { 'idempotency-key': `"${randomUUID()}"` };
  const request = { method, path, key: operatorKey, body, headers };
  const answer = await eventually(async () => {
    const one = await node.client.request(request);
    return one.status !== 503 && one;
  });
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status}`);
  return answer.body as Record<string, string | undefined>;
}
