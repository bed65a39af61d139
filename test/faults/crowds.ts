import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../src/common/ids.js';
import { newSecret } from '../../src/common/secret.js';
import type { Changes, Effect } from './changes.js';
import type { Cluster } from './cluster.js';
import type { Gate } from './gate.js';
import type { Line } from './history.js';
import type { Random } from './random.js';
import { createOrg, permissions, subjectOf, switches, type Key, type World } from './world.js';

/** A member with many keys, in an organisation that nothing else changes. */
export interface Crowd {
  orgId: string;
  ownerId: string;
  keys: Key[];
  isBusy: boolean;
  /** The member was removed and is to be added again. */
  isGone: boolean;
}

/** Takes back what was done to a crowd. */
export type Undo = () => Promise<unknown>;

const crowds = 6;
/** From so many keys on a removal counts as a large one. */
export const large = 1_000;
/** A large removal comes at least so often. */
const largeEveryMs = 75_000;
/** Keys of one transaction: with more the history would refer to none of them. */
const perInsert = 250;
/** Of a crowd so many are asked for more often. */
const watched = 20;

const insert = `
  WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) g (id, secret_id, hash)),
    keys AS (
      INSERT INTO api_keys (id, org_id, owner_id, name, scope, permissions, expires_at)
      SELECT id, $4, $5, 'one of many', 'read-write', $6, now() + interval '30 days' FROM given
      ON CONFLICT DO NOTHING
    )
  INSERT INTO key_secrets (id, key_id, hash, hash_key, mask)
  SELECT secret_id, id, hash, $7, 'kf_aaaa…bbbb' FROM given ON CONFLICT DO NOTHING`;

/** Keys with secrets that are known here, and what inserts them. */
export function manyKeys(
  { hasher }: Cluster,
  { orgId, ownerId }: Pick<Key, 'orgId' | 'ownerId'>,
  count: number,
): { keys: Key[]; query: { text: string; values: unknown[] } } {
  const keys = Array.from({ length: count }, (): Key => {
    return { id: newId('key'), secret: newSecret('kf'), orgId, ownerId, isChanging: false };
  });
  const values = [
    keys.map(({ id }) => id),
    keys.map(() => newId('sec')),
    keys.map(({ secret }) => hasher.hash(secret)),
    ...[orgId, ownerId, permissions, hasher.fingerprint],
  ];
  return { keys, query: { text: insert, values } };
}

const revoke = `
  UPDATE api_keys SET revoked_at = now() WHERE id = ANY ($1) AND revoked_at IS NULL`;

/** Changes that end or deny hundreds to thousands of keys at once. */
export class Crowds {
  private nextLarge = performance.now() + largeEveryMs / 5;
  private readonly additions: Promise<void>[] = [];

  private constructor(
    private readonly cluster: Cluster,
    private readonly world: World,
    private readonly changes: Changes,
    private readonly history: Line[],
    private readonly random: Random,
    private readonly all: readonly Crowd[],
  ) {}

  static async create(
    cluster: Cluster,
    world: World,
    changes: Changes,
    history: Line[],
    random: Random,
  ): Promise<Crowds> {
    const all: Crowd[] = [];
    while (all.length < crowds) {
      const { id: orgId, owners } = await createOrg(cluster, `crowd-${all.length}`, 1);
      all.push({ orgId, ownerId: owners[0] ?? '', keys: [], isBusy: false, isGone: false });
    }
    return new Crowds(cluster, world, changes, history, random, all);
  }

  /** Goes on until this time of the driver's clock. */
  async run(until: number, gate: Gate): Promise<void> {
    while (performance.now() < until) {
      await gate.pass(() => this.step());
      await delay(this.random.between(2_000, 10_000));
    }
  }

  private async step(): Promise<void> {
    const isDue = performance.now() > this.nextLarge;
    const size = isDue ? this.random.between(large, 1.3 * large) : this.random.between(100, 600);
    await this.use(size, async (crowd) => {
      const undo = isDue ? await this.remove(crowd) : await this.denySomehow(crowd);
      await delay(this.random.between(100, 1_000));
      await undo();
    });
  }

  /** Waits until all members are there again, or are known to be still refused. */
  async end(): Promise<void> {
    this.changes.endWaiting();
    await Promise.all(this.additions);
  }

  /** Does something with a crowd of at least so many keys, all of them valid, if there is one. */
  async use(size: number, work: (crowd: Crowd) => Promise<void>): Promise<void> {
    const free = this.all.filter(({ isBusy, isGone }) => !isBusy && !isGone);
    if (free.length === 0) return;
    const crowd = this.random.pick(free);
    crowd.isBusy = true;
    try {
      await this.fill(crowd, Math.floor(size));
      this.world.heat(crowd.keys.slice(0, watched));
      await work(crowd);
    } finally {
      crowd.isBusy = false;
    }
  }

  denySomehow(crowd: Crowd): Promise<Undo> {
    const dice = this.random.next();
    if (dice < 0.35) return this.remove(crowd);
    if (dice < 0.65) return this.revoke(crowd, Math.floor(this.random.between(100, 400)));
    return dice < 0.85 ? this.suspend(crowd) : this.deactivate(crowd);
  }

  /** Removes the member, which ends all the keys permanently; undone, the member has none. */
  async remove(crowd: Crowd): Promise<Undo> {
    const { orgId, ownerId, keys } = crowd;
    const path = `/v1/orgs/${orgId}/members/${ownerId}`;
    const member = switches.member(orgId, ownerId);
    const off = [member, ...keys.map(({ id }) => switches.key(id))];
    if (keys.length >= large) this.nextLarge = performance.now() + largeEveryMs;
    // A job revokes the keys, one or more with each number, and says last that all of them are.
    const removed = { off, later: keys.length + 1 };
    await this.changes.call('crowd.remove', ownerId, { method: 'DELETE', path }, removed);
    const ended = crowd.keys.splice(0);
    this.world.endCrowd(ended);
    crowd.isGone = true;
    return () => {
      this.additions.push(this.add(crowd, ended));
      return Promise.resolve();
    };
  }

  /** Waits for the job, which may take a minute where its node was killed: nobody else shall wait. */
  private async add(crowd: Crowd, ended: readonly Key[]): Promise<void> {
    const { orgId, ownerId } = crowd;
    const path = `/v1/orgs/${orgId}/members/${ownerId}`;
    const request = { method: 'PUT', path, body: { role: 'manager', grants: null } } as const;
    // Nobody is added before the job has done all of it.
    const effect = { on: [switches.member(orgId, ownerId)], later: 0 };
    const { change } = await this.changes.call('crowd.add', ownerId, request, effect);
    // A person who may be no member is left alone: nothing is to be said of what happens to them.
    if (change.result !== 'ok') return;
    crowd.isGone = false;
    this.world.heat(ended.slice(0, watched));
  }

  /** Revokes the first so many keys in one transaction. */
  async revoke(crowd: Crowd, count: number): Promise<Undo> {
    const ended = crowd.keys.splice(0, count);
    const ids = ended.map(({ id }) => id);
    const off = ids.map((id) => switches.key(id));
    const query = { text: revoke, values: [ids] };
    await this.changes.sql('sql.revoke-many', crowd.ownerId, query, { off });
    this.world.endCrowd(ended);
    return () => Promise.resolve();
  }

  private suspend({ orgId }: Crowd): Promise<Undo> {
    return this.flip(`/v1/orgs/${orgId}`, 'suspend', 'resume', switches.org(orgId));
  }

  private deactivate({ ownerId }: Crowd): Promise<Undo> {
    return this.flip(`/v1/users/${ownerId}`, 'deactivate', 'reactivate', switches.user(ownerId));
  }

  private async flip(path: string, away: string, back: string, name: string): Promise<Undo> {
    const send = (verb: string, effect: Effect) => {
      const request = { method: 'POST', path: `${path}/${verb}` } as const;
      return this.changes.call(`crowd.${verb}`, name, request, effect);
    };
    await send(away, { off: [name] });
    return () => send(back, { on: [name] });
  }

  private async fill(crowd: Crowd, size: number): Promise<void> {
    while (crowd.keys.length < size) {
      await this.insert(crowd, Math.min(perInsert, size - crowd.keys.length));
    }
  }

  private async insert(crowd: Crowd, count: number): Promise<void> {
    const { keys, query } = manyKeys(this.cluster, crowd, count);
    const { change } = await this.changes.sql('sql.insert', crowd.ownerId, query, {});
    if (change.result !== 'ok') return;
    this.history.push(...keys.map(subjectOf));
    crowd.keys.push(...keys);
    this.world.addCrowd(keys);
  }
}
