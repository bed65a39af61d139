import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId, newUserId } from '../common/ids.js';
import { isAddressIn, isRangeIn } from '../common/ip.js';
import { effectivePermissions, holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../permissions/facts.js';
import { covers, isScopeWithin, scopes, type Permission } from '../permissions/permission.js';
import { decideIssue, type IssuedLimits, type Issuer } from './issue.js';
import type { ChangeKey, CreateKey } from './key.dto.js';
import { decideNarrow } from './narrow.js';

const now = new Date('2027-01-01T00:00:00.000Z');

const data: Permission[] = ['a:read', 'a:write', 'a:admin', 'b:read', 'b:write'];
const universe: Permission[] = [
  ...data,
  'keys:read',
  'keys:write',
  'keys:admin',
  'members:admin',
  'audit:read',
  'orgs:admin',
  'verify:read',
];
const ranges = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.3/32',
  '11.0.0.0/8',
  '::/0',
  '2001:db8::/32',
];
const addresses = [
  '10.1.2.3',
  '10.1.9.9',
  '10.9.9.9',
  '11.1.1.1',
  '12.1.1.1',
  '2001:db8::1',
  '::1',
  undefined,
];

const scope = fc.constantFrom(...scopes);
const listOf = <T>(items: T[]) => fc.subarray(items, { minLength: 1 });
const grants = fc.option(fc.subarray(data));
const role = fc.constantFrom('manager' as const, 'member' as const);
const memberArbitrary: fc.Arbitrary<MemberFacts> = fc
  .record({ role, grants })
  .map((member) => ({ ...member, id: newUserId(), name: 'somebody', status: 'active' }));

const orgArbitrary: fc.Arbitrary<OrgFacts> = fc.record({
  id: fc.constant(newId('org')),
  name: fc.constant('an organisation'),
  kind: fc.constantFrom('customer' as const, 'operator' as const),
  status: fc.constant('active' as const),
  grants: fc.subarray(data),
  memberKeys: fc.constantFrom('own' as const, 'none' as const),
  defaultExpiryDays: fc.constant(90),
  maxLifetimeDays: fc.constant(365),
  allowNoExpiry: fc.constant(false),
});

const limits = {
  scope,
  permissions: fc.option(listOf(universe)),
  management: fc.boolean(),
  allowedIps: fc.option(listOf(ranges)),
};

const createArbitrary: fc.Arbitrary<CreateKey> = fc.record(
  {
    name: fc.constant('a key'),
    scope,
    permissions: listOf(universe),
    management: fc.boolean(),
    allowedIps: listOf(ranges),
  },
  { requiredKeys: ['name', 'scope'] },
);

const changeArbitrary: fc.Arbitrary<ChangeKey> = fc.record(
  { scope, permissions: listOf(universe), management: fc.boolean(), allowedIps: listOf(ranges) },
  { requiredKeys: [] },
);

/** A key in a small world, and its origin. */
interface Key extends IssuedLimits {
  owner: number;
  issuer: { key: Key; held: Set<Permission>; atIssue: Key; isOpen: boolean } | undefined;
}

type Step = { isFitted: boolean } & (
  | { kind: 'issue'; by: number; owner: number; input: CreateKey }
  | { kind: 'narrow'; key: number; change: ChangeKey }
);

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('issue' as const),
    isFitted: fc.boolean(),
    by: fc.nat(20),
    owner: fc.nat(2),
    input: createArbitrary,
  }),
  fc.record({
    kind: fc.constant('narrow' as const),
    isFitted: fc.boolean(),
    key: fc.nat(20),
    change: changeArbitrary,
  }),
);

/** The request without most of what would be refused: random requests alone are rarely allowed. */
function fit<T extends CreateKey | ChangeKey>(
  request: T,
  limit: Omit<Issuer['key'], 'expiresAt'>,
  has: Set<Permission>,
): T {
  const wanted = request.scope ?? limit.scope;
  const kept = isScopeWithin(wanted, limit.scope) ? wanted : limit.scope;
  const { permissions, allowedIps, ...rest } = request;
  const listed = permissions?.filter((one) => has.has(one) && covers(kept, one)) ?? [];
  const within = allowedIps?.filter((range) => isRangeIn(range, limit.allowedIps ?? [range])) ?? [];
  return {
    ...rest,
    scope: kept,
    ...(limit.management ? {} : { management: false }),
    ...(listed.length === 0 ? {} : { permissions: listed }),
    ...(within.length === 0 ? {} : { allowedIps: within }),
  } as T;
}

interface World {
  org: OrgFacts;
  members: MemberFacts[];
}

const memberOf = ({ members }: World, key: Pick<Key, 'owner'>): MemberFacts => {
  const member = members[key.owner % members.length];
  if (member === undefined) throw new Error('a world has members');
  return member;
};

const held = (world: World, key: Key) => effectivePermissions(world.org, memberOf(world, key), key);

function issuerOf(world: World, key: Key): Issuer {
  const expiresAt = key.expiresAt?.getTime() ?? null;
  const permissions = held(world, key);
  return { userId: memberOf(world, key).id, permissions, key: { ...key, expiresAt } };
}

/** Runs the steps in turn; refused ones change nothing. */
function play(world: World, first: Key, steps: Step[]): Key[] {
  const keys = [{ ...first }];
  const pick = (index: number) => keys[index % keys.length] as Key;
  for (const step of steps) {
    if (step.kind === 'issue') {
      const issuer = pick(step.by);
      const has = held(world, issuer);
      const input = step.isFitted ? fit(step.input, issuer, has) : step.input;
      const owner = memberOf(world, step);
      const decision = decideIssue(input, issuerOf(world, issuer), owner, world.org, now);
      if (!decision.allowed) continue;
      const isOpen = decision.value.permissions === null;
      const from = { key: issuer, held: has, atIssue: { ...issuer }, isOpen };
      keys.push({ ...decision.value, owner: step.owner, issuer: from });
    } else {
      const key = pick(step.key);
      const change = step.isFitted ? fit(step.change, key, held(world, key)) : step.change;
      const before = { ...key, name: 'a key', revokedAt: null };
      const has = holdings(world.org, memberOf(world, key));
      const decision = decideNarrow(before, change, now, has);
      if (decision.allowed) Object.assign(key, decision.value);
    }
  }
  return keys;
}

const isSubset = <T>(inner: Iterable<T>, outer: ReadonlySet<T>) =>
  [...inner].every((one) => outer.has(one));
const reachable = ({ allowedIps }: Key) =>
  new Set(addresses.filter((ip) => allowedIps === null || isAddressIn(ip, allowedIps)));

const world = fc.record({
  org: orgArbitrary,
  members: fc.array(memberArbitrary, { minLength: 3, maxLength: 3 }),
});
const firstKey = fc.record({ ...limits, owner: fc.nat(2) }).map((key): Key => ({
  ...key,
  expiresAt: null,
  issuer: undefined,
}));
const story = fc.record({
  world,
  first: firstKey,
  steps: fc.array(stepArbitrary, { maxLength: 12 }),
});

describe('no sequence of issuing and narrowing', () => {
  it('yields a key that holds more than its issuer held, nor of greater scope', () => {
    let issued = 0;
    fc.assert(
      fc.property(story, ({ world: start, first, steps }) => {
        for (const key of play(start, first, steps)) {
          if (key.issuer === undefined) continue;
          issued += 1;
          expect(isSubset(held(start, key), key.issuer.held)).toBe(true);
          expect(isScopeWithin(key.scope, key.issuer.atIssue.scope)).toBe(true);
          expect(key.issuer.atIssue.management || !key.management).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
    expect(issued).toBeGreaterThan(100);
  });

  it('yields a key that works from where its issuer did not', () => {
    fc.assert(
      fc.property(story, ({ world: start, first, steps }) => {
        for (const key of play(start, first, steps)) {
          if (key.issuer === undefined) continue;
          const { atIssue } = key.issuer;
          expect(isSubset(reachable(key), reachable(atIssue))).toBe(true);
          if (atIssue.allowedIps !== null) expect(key.allowedIps).not.toBeNull();
        }
      }),
      { numRuns: 400 },
    );
  });

  it('yields a key that grows beyond its issuer when people and grants change later', () => {
    fc.assert(
      fc.property(story, world, ({ world: start, first, steps }, later) => {
        const changed = {
          org: later.org,
          members: start.members.map((member, index) => ({
            ...later.members[index],
            ...{ id: member.id },
          })),
        } as World;
        for (const key of play(start, first, steps)) {
          if (key.issuer === undefined) continue;
          const { isOpen, atIssue, held: then } = key.issuer;
          // Only a key that people made for themselves, without a list, follows what they are granted.
          if (isOpen) expect(key.owner).toBe(key.issuer.key.owner);
          const bound = isOpen ? held(changed, atIssue) : then;
          expect(isSubset(held(changed, key), bound)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('that begins with an operator yields a key beyond what a manager of the organisation holds', () => {
    fc.assert(
      fc.property(world, createArbitrary, fc.nat(2), (start, input, owner) => {
        const permissions = holdings(start.org, { role: 'manager', grants: null });
        const key = {
          scope: 'admin' as const,
          permissions: null,
          management: true,
          allowedIps: null,
          expiresAt: null,
        };
        const operator = { userId: newUserId(), permissions, key };
        const member = memberOf(start, { owner });
        const decision = decideIssue(input, operator, member, start.org, now);
        if (!decision.allowed) return;
        expect(decision.value.permissions).not.toBeNull();
        expect(isSubset(decision.value.permissions ?? [], permissions)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
