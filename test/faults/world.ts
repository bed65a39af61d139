import { randomUUID } from 'node:crypto';
import type { Cluster } from './cluster.js';
import { fromHere, type Subject } from './history.js';
import type { Method } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import type { Random } from './random.js';

/** What every key is made for. Each can be taken away by one kind of change only, but the last two. */
export const permissions = [
  'data:read',
  'data:write',
  'log:read',
  'log:write',
  'members:read',
  'org:read',
];
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

/** Names of the switches that decisions depend on. */
export const switches = {
  key: (id: string) => `key/${id}`,
  address: (id: string) => `address/${id}`,
  list: (id: string) => `list/${id}`,
  management: (id: string) => `management/${id}`,
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
      [fromHere]: [switches.address(id)],
      'data:write': [switches.orgGrants(orgId)],
      'log:read': [switches.list(id)],
      'log:write': [switches.memberGrants(orgId, ownerId)],
      'members:read': [switches.role(orgId, ownerId), switches.management(id)],
      'org:read': [switches.management(id)],
    },
  };
}

const orgs = 3;
const ownersPerOrg = 4;
const deadStored = 60;
const hotReserved = 40;
/** So many of a crowd stand for it. */
const manyAsked = 200;

/** The organisations, users and keys that the driver asks about and changes. */
export class World {
  readonly live: Key[] = [];
  private readonly dead: Key[] = [];
  /** Keys that something has just happened to. */
  private readonly hot: Key[] = [];
  /** Keys of members who have many, and those that were ended permanently. */
  private crowd: Key[] = [];
  private readonly ended: Key[] = [];

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
    while (all.length < orgs) {
      all.push(await createOrg(cluster, `org-${all.length}`, ownersPerOrg));
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
    if (this.dead.length > deadStored) this.dead.shift();
  }

  addCrowd(keys: readonly Key[]): void {
    this.crowd.push(...keys);
  }

  /** All of these are asked for still. */
  endCrowd(keys: readonly Key[]): void {
    const gone = new Set(keys);
    this.crowd = this.crowd.filter((key) => !gone.has(key));
    this.ended.push(...keys);
  }

  /** From now on these are asked for more often than others. */
  heat(keys: readonly Key[]): void {
    this.hot.push(...keys);
    if (this.hot.length > hotReserved) this.hot.splice(0, this.hot.length - hotReserved);
  }

  keysOf(orgId: string, ownerId?: string): Key[] {
    return this.live.filter(
      (key) => key.orgId === orgId && (ownerId === undefined || key.ownerId === ownerId),
    );
  }

  /** A key to ask for. */
  pick(random: Random): Key | undefined {
    const dice = random.next();
    const list = this.listAt(dice);
    return list.length > 0 ? random.pick(list) : this.live[0];
  }

  private listAt(dice: number): readonly Key[] {
    if (dice < 0.45) return this.hot;
    if (dice < 0.7) return this.live;
    if (dice < 0.8) return this.dead;
    return dice < 0.95 ? this.crowd : this.ended;
  }

  /** All keys, and of crowds some. */
  everyKey(): Key[] {
    const many = [this.crowd, this.ended].flatMap((keys) => keys.slice(-manyAsked));
    return [...this.live, ...this.dead, ...many];
  }
}

/** An organisation with so many owners of keys, and a further manager. */
export async function createOrg(cluster: Cluster, slug: string, owners: number): Promise<Org> {
  const call = (path: string, body: unknown) => succeed(cluster, 'POST', path, body);
  const { id = '' } = await call('/v1/orgs', { name: slug, slug, grants: orgGrants });
  const add = async () => {
    const account = { name: 'a service', role: 'manager' };
    return (await call(`/v1/orgs/${id}/service-accounts`, account)).userId ?? '';
  };
  await add();
  const org: Org = { id, owners: [] };
  while (org.owners.length < owners) org.owners.push(await add());
  return org;
}

/** Calls the first node until it responds: a busy machine may look like a database that is away. */
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
  const response = await eventually(async () => {
    const one = await node.client.request(request);
    return one.status !== 503 && one;
  });
  if (response.status >= 300)
    throw new Error(`${method} ${path} responded with ${response.status}`);
  return response.body as Record<string, string | undefined>;
}
