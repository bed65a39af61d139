import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '../../src/common/ids.js';
import { decideIssue, issuerOf } from '../../src/keys/issue.js';
import type { ChangeKey, CreateKey } from '../../src/keys/key.dto.js';
import { decideNarrow } from '../../src/keys/narrow.js';
import { eventTypes, type EventType } from '../../src/notifications/events.js';
import { holdings } from '../../src/permissions/effective-permissions.js';
import type { OrgFacts } from '../../src/permissions/facts.js';
import {
  decideRemoval,
  decideStanding,
  type MemberStanding,
  type WantedStanding,
} from '../../src/permissions/giving.js';
import {
  covers,
  isReserved,
  isScopeWithin,
  roles,
  scopes,
  type Permission,
} from '../../src/permissions/permission.js';
import { decideHearing } from '../../src/webhooks/hearing.js';
import { count } from '../support/environment.js';
import { day, excess, GivingWorld, managed, type Actor } from './giving-world.js';

const data: Permission[] = ['a:read', 'a:write', 'b:read', 'b:admin'];
const universe: Permission[] = [
  ...data,
  ...(['keys:read', 'keys:admin', 'members:read', 'members:admin', 'webhooks:admin'] as const),
  ...(['org:read', 'audit:read', 'orgs:read', 'orgs:admin', 'verify:read'] as const),
];

const someOf = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 });
const grants = fc.option(fc.subarray(data));
const events = fc.option(someOf(eventTypes));
const role = fc.constantFrom(...roles);

/** One step: who, where, about whom, and what is asked for; numbers choose among what there is. */
const step = fc.record({
  kind: fc.constantFrom(
    ...(['issue', 'issue', 'issue', 'narrow', 'add', 'account', 'put', 'put'] as const),
    ...(['remove', 'grant', 'hook', 'hook', 'sign in'] as const),
  ),
  by: fc.nat(),
  org: fc.nat(2),
  about: fc.nat(),
  scope: fc.constantFrom(...(['admin', 'admin', 'admin'] as const), ...scopes),
  management: fc.constantFrom(undefined, undefined, true, false),
  permissions: fc.oneof(fc.constant(undefined), fc.constant(undefined), someOf(universe)),
  isFitted: fc.boolean(),
  days: fc.option(fc.integer({ min: 1, max: 365 }), { nil: undefined }),
  standing: fc.record<WantedStanding, 'role'>({ role, grants }, { requiredKeys: ['role'] }),
  events,
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const at = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;
const within = (inner: Iterable<Permission>, outer: ReadonlySet<Permission>) =>
  [...inner].filter((one) => !outer.has(one));

/** How often each kind of thing was given, over all sequences. */
const given = {
  keys: 0,
  dataKeys: 0,
  byKeys: 0,
  managers: 0,
  open: 0,
  members: 0,
  hooks: 0,
  unmade: 0,
};

/** What a webhook sends, in the words of this test. */
function sentOf(types: readonly EventType[] | null, org: OrgFacts): Permission[] {
  if (types === null) return managed('manager', org);
  const read = { key: 'keys:read', member: 'members:read', org: 'org:read' } as const;
  return types.map((type) => read[type.split('.')[0] as keyof typeof read]);
}

function issue(world: GivingWorld, org: OrgFacts, drawn: Step): void {
  const actor = world.actor(drawn.by, org, 'keys:admin');
  const places = world.places.filter((place) => place.org === org);
  if (actor === undefined || places.length === 0) return;
  const { me, maker } = actor;
  const owner = me.role === 'manager' ? at(places, drawn.about) : world.placeOf(me.userId, org);
  if (owner === undefined) return;
  const scope = isScopeWithin(drawn.scope, maker.scope) ? drawn.scope : maker.scope;
  const fitted = drawn.permissions?.filter((one) => maker.held.has(one) && covers(scope, one));
  const permissions = drawn.isFitted && fitted?.length !== 0 ? fitted : drawn.permissions;
  const input: CreateKey = {
    name: 'x',
    scope: drawn.isFitted ? scope : drawn.scope,
    ...(drawn.management !== undefined && { management: drawn.management }),
    ...(permissions && { permissions }),
    ...(drawn.days && { expiresInDays: drawn.days }),
  };
  const decision = decideIssue(input, issuerOf(me), world.memberFacts(owner), org, world.now);
  if (!decision.allowed) return;
  given.keys += 1;
  if (maker.end !== null) given.byKeys += 1;
  const { scope: issued, permissions: list, management, expiresAt } = decision.value;
  const limits = { scope: issued, permissions: list, management, expiresAt };
  if (!management) given.dataKeys += 1;
  const { userId } = owner;
  world.keys.push({ ...limits, id: newId('key'), userId, org, maker, bound: maker.held });
}

function narrow(world: GivingWorld, org: OrgFacts, drawn: Step): void {
  if (world.keys.length === 0) return;
  const key = at(world.keys, drawn.about);
  if (key.org !== org || world.actor(drawn.by, org, 'keys:write') === undefined) return;
  const change: ChangeKey = {
    ...(drawn.isFitted ? {} : { scope: drawn.scope }),
    ...(drawn.management !== undefined && { management: drawn.management }),
    ...(drawn.permissions && { permissions: drawn.permissions }),
    ...(drawn.days && { expiresAt: new Date(world.now.getTime() + drawn.days * day) }),
  };
  const before = { ...key, name: 'x', allowedIps: null, revokedAt: null };
  const owner = world.placeOf(key.userId, org);
  const holds = owner === undefined ? new Set<Permission>() : holdings(org, owner);
  const decision = decideNarrow(before, change, world.now, holds);
  if (!decision.allowed) return;
  const { scope, permissions, management, expiresAt } = { ...before, ...decision.value };
  Object.assign(key, { scope, permissions, management, expiresAt });
  // It has followed its owner until now, and does no more.
  if (before.permissions === null && permissions !== null) key.bound = world.held(key);
}

/** Checks what a membership becomes against those who make it so, and makes it. */
function settle(
  world: GivingWorld,
  actor: Actor,
  userId: Actor['me']['userId'],
  org: OrgFacts,
  after: MemberStanding,
) {
  const { maker } = actor;
  const before = world.placeOf(userId, org);
  expect(within(world.gains(userId, org, after), maker.held)).toEqual([]);
  if (after.grants === null && before?.grants !== null) {
    expect(maker.isOpen).toBe(true);
    given.open += 1;
  }
  if (after.role === 'manager' && before?.role !== 'manager') {
    expect(within(managed('manager', org), maker.held)).toEqual([]);
    given.managers += 1;
  } else given.members += 1;
  if (before?.role === 'manager' && after.role !== 'manager') unmake(actor, org);
  world.place(userId, org, after, maker);
}

function unmake({ maker }: Actor, org: OrgFacts): void {
  expect(within(managed('manager', org), maker.held)).toEqual([]);
  given.unmade += 1;
}

function changeMember(world: GivingWorld, org: OrgFacts, drawn: Step): void {
  const actor = world.actor(drawn.by, org, 'members:admin');
  if (actor === undefined) return;
  const { me } = actor;
  const isNew = drawn.kind !== 'put';
  const userId =
    drawn.kind === 'account' || (drawn.kind === 'add' && drawn.isFitted)
      ? world.addUser()
      : at(world.users, drawn.about);
  const current = world.placeOf(userId, org);
  if (isNew && current !== undefined) return;
  // Only operators make members of users by their id.
  if (!isNew && current === undefined && !me.principal.permissions.has('orgs:admin')) return;
  const wanted = isNew ? drawn.standing : { grants: current?.grants ?? null, ...drawn.standing };
  const decision = decideStanding(wanted, current, me, org);
  if (decision.allowed) settle(world, actor, userId, org, decision.value);
}

function remove(world: GivingWorld, org: OrgFacts, drawn: Step): void {
  const actor = world.actor(drawn.by, org, 'members:admin');
  const places = world.places.filter((place) => place.org === org);
  if (actor === undefined || places.length < 2) return;
  const place = at(places, drawn.about);
  if (!decideRemoval(place, actor.me, org).allowed) return;
  if (place.role === 'manager') unmake(actor, org);
  world.remove(place);
}

function changeHook(world: GivingWorld, org: OrgFacts, drawn: Step): void {
  const actor = world.actor(drawn.by, org, 'webhooks:admin');
  if (actor === undefined) return;
  const { me, maker } = actor;
  const hook = drawn.isFitted ? undefined : world.hooks.find((each) => each.org === org);
  const touched = hook === undefined ? [drawn.events] : [hook.events, drawn.events];
  if (!touched.every((each) => decideHearing(each, me.permissions, org).allowed)) return;
  for (const each of touched) expect(within(sentOf(each, org), maker.held)).toEqual([]);
  given.hooks += 1;
  if (hook === undefined) world.hooks.push({ org, events: drawn.events });
  else hook.events = drawn.events;
}

function take(world: GivingWorld, drawn: Step): void {
  const org = at(world.orgs, drawn.org);
  const { kind } = drawn;
  if (kind === 'issue') issue(world, org, drawn);
  else if (kind === 'narrow') narrow(world, org, drawn);
  else if (kind === 'remove') remove(world, org, drawn);
  else if (kind === 'hook') changeHook(world, org, drawn);
  else if (kind === 'sign in') world.signIn(at(world.users, drawn.about));
  else if (kind !== 'grant') changeMember(world, org, drawn);
  else if (world.actor(drawn.by, org, 'orgs:admin') !== undefined) {
    org.grants = drawn.standing.grants ?? data;
  }
}

/** What must hold at every moment, whatever happened since something was given. */
function check(world: GivingWorld): void {
  expect(world.places.flatMap(excess)).toEqual([]);
  for (const key of world.keys) {
    const { maker, expiresAt } = key;
    if (!key.management) expect([...world.held(key)].filter(isReserved)).toEqual([]);
    if (maker === undefined) continue;
    expect(isScopeWithin(key.scope, maker.scope)).toBe(true);
    expect(maker.management || !key.management).toBe(true);
    if (maker.end !== null) expect(expiresAt?.getTime()).toBeLessThanOrEqual(maker.end);
    // Only what people make for themselves, with nothing that restricts it, follows what they are given.
    if (key.permissions === null) {
      expect({ owner: key.userId, list: maker.list }).toEqual({ owner: maker.userId, list: null });
    } else {
      expect(within(world.held(key), key.bound)).toEqual([]);
    }
  }
}

const start = fc.tuple(fc.subarray(data), fc.subarray(data));

describe('no sequence of giving, restricting, changing and removing, in two organisations and among operators', () => {
  it('yields a key, role, grant or webhook beyond what its maker held, or a key that outlives its maker', () => {
    fc.assert(
      fc.property(start, fc.array(step, { minLength: 10, maxLength: 40 }), (first, steps) => {
        const world = new GivingWorld(first);
        for (const drawn of steps) {
          take(world, drawn);
          check(world);
          world.now = new Date(world.now.getTime() + day);
        }
      }),
      { numRuns: count(200, 2_500) },
    );
    // Most of what is asked for is refused; of each kind enough is not.
    for (const [what, times] of Object.entries(given)) {
      expect({ what, isEnough: times > 5 }).toEqual({ what, isEnough: true });
    }
  });
});
