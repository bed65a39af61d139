import { setTimeout as delay } from 'node:timers/promises';
import type { Changes } from './changes.js';
import { flipsOf, type Flip } from './flips.js';
import type { Gate } from './gate.js';
import type { KeyChanges } from './key-changes.js';
import type { Random } from './random.js';
import { switches, type World } from './world.js';

/** Makes changes of every kind that a decision depends on. What can be undone is, after a moment. */
export class Mutations {
  /** What somebody is about to change back. */
  private readonly busy = new Set<string>();
  private readonly kinds: readonly (() => Promise<void>)[];

  constructor(
    private readonly world: World,
    private readonly changes: Changes,
    private readonly keys: KeyChanges,
    private readonly gate: Gate,
    private readonly random: Random,
  ) {
    this.kinds = [
      ...keys.kinds,
      ...flipsOf(world, changes, random).map((draw) => () => this.flip(draw())),
      () => this.changePolicy(),
      () => this.removeMember(),
    ];
  }

  /** Fills the world with keys, several at a time. */
  async fill(): Promise<void> {
    const fill = async () => {
      while (this.keys.isShort()) await this.createKey();
    };
    await Promise.all([fill(), fill(), fill(), fill()]);
  }

  /** Makes one change, and undoes it where that can be. */
  async step(): Promise<void> {
    await this.gate.pass(async () => {
      if (this.keys.isShort() && this.random.chance(0.6)) await this.createKey();
      else await this.random.pick(this.kinds)();
    });
    await delay(this.random.between(5, 30));
  }

  private async createKey(): Promise<void> {
    const { id, owners } = this.random.pick(this.world.orgs);
    const ownerId = this.random.pick(owners);
    await this.alone(`member ${ownerId}`, () => this.keys.create(id, ownerId));
  }

  private async flip({ guard, keys, kinds: [off, on], send }: Flip): Promise<void> {
    await this.alone(guard, async () => {
      this.world.heat(keys);
      await send(off, false);
      await this.pause();
      await send(on, true);
    });
  }

  /** Removes a member, which revokes their keys permanently, and takes them in again. */
  private async removeMember(): Promise<void> {
    const { id, owners } = this.random.pick(this.world.orgs);
    const userId = this.random.pick(owners);
    const path = `/v1/orgs/${id}/members/${userId}`;
    const member = switches.member(id, userId);
    await this.alone(`member ${userId}`, async () => {
      const keys = this.world.keysOf(id, userId);
      this.world.heat(keys);
      const off = [member, ...keys.map((key) => switches.key(key.id))];
      await this.changes.call('member.remove', userId, { method: 'DELETE', path }, { off });
      for (const key of keys) this.world.bury(key);
      await this.pause();
      const request = { method: 'PUT', path, body: { role: 'manager', grants: null } } as const;
      await this.changes.call('member.add', userId, request, { on: [member] });
    });
  }

  /** The policy is for new keys: no decision on the keys of this world depends on it. */
  private async changePolicy(): Promise<void> {
    const { id } = this.random.pick(this.world.orgs);
    const body = { defaultExpiryDays: Math.floor(this.random.between(10, 90)) };
    const request = { method: 'PATCH', path: `/v1/orgs/${id}/policy`, body } as const;
    await this.changes.call('org.policy', id, request);
  }

  /** Does nothing where somebody is at it already. */
  private async alone(guard: string, work: () => Promise<void>): Promise<void> {
    if (this.busy.has(guard)) return;
    this.busy.add(guard);
    try {
      await work();
    } finally {
      this.busy.delete(guard);
    }
  }

  private pause(): Promise<void> {
    return delay(this.random.between(40, 300));
  }
}
