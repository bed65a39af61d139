import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Changes } from './changes.js';
import type { Cluster } from './cluster.js';
import type { Change, Line } from './history.js';
import type { Random } from './random.js';
import { permissions, subjectOf, switches, without, type Key, type World } from './world.js';

const keysPerOrg = 10;
const leastKeys = 9;
/** Far from all addresses that the driver has. */
const elsewhere = ['10.0.0.0/8'];

/** Creates, narrows and ends keys. Nothing of it can be undone. */
export class KeyChanges {
  readonly kinds: readonly (() => Promise<void>)[] = [
    () => this.end((key) => this.revoke(key)),
    () => this.end((key) => this.report(key)),
    () => this.end((key) => this.revokeBySql(key)),
    () => this.end((key) => this.expire(key)),
    () => this.end((key) => this.narrow(key)),
    () => this.end((key) => this.limitToData(key)),
    () => this.end((key) => this.move(key)),
  ];

  constructor(
    private readonly cluster: Cluster,
    private readonly world: World,
    private readonly changes: Changes,
    private readonly history: Line[],
    private readonly random: Random,
  ) {}

  isShort(): boolean {
    return this.world.live.length < this.world.orgs.length * keysPerOrg;
  }

  async create(orgId: string, ownerId: string): Promise<void> {
    const { change, body } = await this.changes.call('key.create', ownerId, {
      method: 'POST',
      path: `/v1/orgs/${orgId}/keys`,
      body: { name: 'a key', scope: 'read-write', permissions, ownerId },
      headers: { 'idempotency-key': randomUUID() },
    });
    // A repeated response has no secret: that key is lost to everybody.
    if (change.result !== 'ok' || typeof body.secret !== 'string') return;
    const { id } = body.key as { id: string };
    const key = { id, secret: body.secret, orgId, ownerId, isChanging: false };
    this.history.push(subjectOf(key));
    this.world.add(key);
  }

  private async end(change: (key: Key) => Promise<unknown>): Promise<void> {
    const free = this.world.live.filter(({ isChanging }) => !isChanging);
    if (free.length < leastKeys) return;
    const key = this.random.pick(free);
    key.isChanging = true;
    this.world.heat([key, key, key]);
    await change(key);
    this.world.bury(key);
  }

  private async revoke({ id, orgId }: Key): Promise<void> {
    const request = { method: 'DELETE', path: `/v1/orgs/${orgId}/keys/${id}` } as const;
    const effect = { off: [switches.key(id)] };
    const call = () => this.changes.call('key.revoke', id, request, effect);
    // Now and then at two nodes at once.
    await Promise.all(this.random.chance(0.2) ? [call(), call()] : [call()]);
  }

  private async report({ id, secret }: Key): Promise<void> {
    const request = { method: 'POST', path: '/v1/revoke', body: { key: secret } } as const;
    await this.changes.call('key.report', id, request, { off: [switches.key(id)] });
  }

  private async revokeBySql({ id }: Key): Promise<void> {
    const text = 'UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL';
    await this.changes.sql('sql.revoke', id, { text, values: [id] }, { off: [switches.key(id)] });
  }

  private async narrow(key: Key): Promise<void> {
    await this.patch('key.narrow', key, { permissions: without(permissions, 'log:read') }, [
      switches.list(key.id),
    ]);
    await delay(this.random.between(100, 500));
    await this.revoke(key);
  }

  private async limitToData(key: Key): Promise<void> {
    await this.patch('key.data', key, { management: false }, [switches.management(key.id)]);
    await delay(this.random.between(100, 500));
    await this.revoke(key);
  }

  private async move(key: Key): Promise<void> {
    await this.patch('key.addresses', key, { allowedIps: elsewhere }, [switches.address(key.id)]);
    await delay(this.random.between(100, 500));
    await this.revoke(key);
  }

  /** The key is refused once the database's clock has passed the time, and not before it is set. */
  private async expire(key: Key): Promise<void> {
    const at = (await this.databaseTime()) + this.random.between(300, 900);
    const expiresAt = new Date(at).toISOString();
    const change = await this.patch('key.expire', key, { expiresAt }, []);
    if (change.result !== 'refused') await this.passing(change, at);
    // A key that may have been left as it was is not to be forgotten.
    if (change.result !== 'ok') await this.revoke(key);
  }

  /** Waits for the time, and writes down that it has come. */
  private async passing(change: Change, at: number): Promise<void> {
    while ((await this.databaseTime()) <= at) await delay(20);
    const end = change.result === 'unknown' ? null : performance.now();
    const passed = { kind: 'expiry', end, attempts: 0, authSeq: undefined, status: undefined };
    this.history.push({ ...change, ...passed, off: [switches.key(change.target)] });
  }

  private async patch(kind: string, { id, orgId }: Key, body: object, off: string[]) {
    const request = { method: 'PATCH', path: `/v1/orgs/${orgId}/keys/${id}`, body } as const;
    return (await this.changes.call(kind, id, request, { off })).change;
  }

  /** Milliseconds on the clock of the database, asked until it responds. */
  private async databaseTime(): Promise<number> {
    const { db } = this.cluster;
    for (;;) {
      const response = await db
        .query<{ now: Date }>('SELECT clock_timestamp() AS now')
        .catch(() => undefined);
      const now = response?.rows[0]?.now;
      if (now !== undefined) return now.getTime();
      await delay(100);
    }
  }
}
