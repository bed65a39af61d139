import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAddressIn } from '../common/ip.js';
import {
  canHold,
  covers,
  isScopeWithin,
  scopes,
  type Permission,
} from '../permissions/permission.js';
import type { ChangeKey } from './key.dto.js';
import { decideNarrow as decide } from './narrow.js';

type Key = Parameters<typeof decide>[0];

const now = new Date('2027-01-01T00:00:00.000Z');
const hour = 3_600_000;
const at = (hours: number) => new Date(now.getTime() + hours * hour);

const permissions: Permission[] = ['a:read', 'a:write', 'a:admin', 'b:read', 'keys:admin'];
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

const limits = {
  scope: fc.constantFrom(...scopes),
  permissions: fc.subarray(permissions, { minLength: 1 }),
  management: fc.boolean(),
  allowedIps: fc.subarray(ranges, { minLength: 1 }),
  expiresAt: fc.integer({ min: -3, max: 10 }).map(at),
};

const keyArbitrary: fc.Arbitrary<Key> = fc.record({
  name: fc.constant('a key'),
  scope: limits.scope,
  permissions: fc.option(limits.permissions),
  management: limits.management,
  allowedIps: fc.option(limits.allowedIps),
  expiresAt: fc.option(fc.integer({ min: 1, max: 10 }).map(at)),
  revokedAt: fc.constant(null),
});

const anyChange: fc.Arbitrary<ChangeKey> = fc.record(
  { name: fc.constant('another name'), ...limits },
  { requiredKeys: [] },
);
/** One part each: changes of all parts at once are almost always refused. */
const changeArbitrary: fc.Arbitrary<ChangeKey> = fc.oneof(
  anyChange,
  ...Object.entries(limits).map(([field, value]) => fc.record({ [field]: value })),
);

/** The decision for an owner who holds everything. */
const decideNarrow = (before: Key, change: ChangeKey, at: Date) =>
  decide(before, change, at, new Set(permissions));

/** What a key may do for an owner who holds everything. */
const allows = (key: Key) =>
  permissions.filter((one) => canHold(key, one) && (key.permissions?.includes(one) ?? true));
const reaches = ({ allowedIps }: Key) =>
  addresses.filter((ip) => allowedIps === null || isAddressIn(ip, allowedIps));
const end = ({ expiresAt }: Key) => expiresAt?.getTime() ?? Infinity;

const key: Key = {
  name: 'a key',
  scope: 'read-write',
  permissions: ['a:read', 'a:write'],
  management: true,
  allowedIps: ['10.0.0.0/8'],
  expiresAt: at(5),
  revokedAt: null,
};

describe('a change of a key', () => {
  it('never widens what it may do, where it works or for how long', () => {
    let allowed = 0;
    fc.assert(
      fc.property(keyArbitrary, changeArbitrary, (before, change) => {
        const decision = decideNarrow(before, change, now);
        if (!decision.allowed) return;
        allowed += 1;
        const after = { ...before, ...decision.value };
        expect(allows(before)).toEqual(expect.arrayContaining(allows(after)));
        expect(reaches(before)).toEqual(expect.arrayContaining(reaches(after)));
        expect(isScopeWithin(after.scope, before.scope)).toBe(true);
        expect(before.management || !after.management).toBe(true);
        expect(end(after)).toBeLessThanOrEqual(end(before));
        expect(end(after)).toBeGreaterThan(now.getTime());
        if (before.permissions !== null) expect(after.permissions).not.toBeNull();
        if (before.allowedIps !== null) expect(after.allowedIps).not.toBeNull();
      }),
      { numRuns: 1_000 },
    );
    expect(allowed).toBeGreaterThan(200);
  });

  it('is made as it was asked for, or not at all, but for a list that the scope cuts', () => {
    fc.assert(
      fc.property(keyArbitrary, changeArbitrary, (before, change) => {
        const decision = decideNarrow(before, change, now);
        if (!decision.allowed) return;
        const { permissions, ...rest } = decision.value;
        const { permissions: wanted, ...asked } = change;
        expect(rest).toEqual(asked);
        if (wanted !== undefined) expect(permissions).toEqual(wanted);
        else if (permissions != null)
          expect(before.permissions).toEqual(expect.arrayContaining(permissions));
      }),
      { numRuns: 1_000 },
    );
  });

  it('cuts the first list of a key to what its owner holds, so that it never grows', () => {
    const open = { ...key, permissions: null };
    const holds = new Set<Permission>(['a:read', 'b:read']);
    expect(decide(open, { permissions: ['a:read', 'a:write'] }, now, holds)).toEqual({
      allowed: true,
      value: { permissions: ['a:read'] },
    });
    expect(decide(open, { permissions: ['a:write'] }, now, holds)).toMatchObject({
      code: 'nothing_to_grant',
    });
    // An existing list stays as it was given.
    const listed = { ...key, permissions: ['a:read', 'a:write'] as Permission[] };
    expect(decide(listed, { permissions: ['a:write'] }, now, holds)).toEqual({
      allowed: true,
      value: { permissions: ['a:write'] },
    });
  });

  it('cuts the list of a key to what a lower scope covers, and never to nothing', () => {
    const listed = { ...key, permissions: ['a:read', 'a:write'] as Permission[] };
    expect(decideNarrow(listed, { scope: 'read' }, now)).toEqual({
      allowed: true,
      value: { scope: 'read', permissions: ['a:read'] },
    });
    expect(decideNarrow({ ...listed, permissions: ['a:write'] }, { scope: 'read' }, now)).toEqual({
      allowed: false,
      code: 'nothing_to_grant',
      detail: 'The key would hold no permission. To end it, revoke it.',
    });
    expect(decideNarrow({ ...listed, permissions: null }, { scope: 'read' }, now)).toEqual({
      allowed: true,
      value: { scope: 'read' },
    });
    fc.assert(
      fc.property(keyArbitrary, limits.scope, (before, scope) => {
        const decision = decideNarrow(before, { scope }, now);
        if (!decision.allowed || scope === before.scope) return;
        const list = { ...before, ...decision.value }.permissions ?? [];
        expect(list.filter((one) => !covers(scope, one))).toEqual([]);
      }),
    );
  });

  it('makes a key data-only, without the management permissions of its list, and never one with nothing', () => {
    const toData = (before: Key, holds: Permission[] = permissions) =>
      decide(before, { management: false }, now, new Set(holds));
    const listed = { ...key, permissions: ['a:read', 'keys:read'] as Permission[] };
    expect(toData(listed)).toEqual({
      allowed: true,
      value: { management: false, permissions: ['a:read'] },
    });
    expect(toData(key)).toEqual({ allowed: true, value: { management: false } });
    // A list is judged by itself: its owner may be given again what it has.
    expect(toData(key, ['keys:read'])).toMatchObject({ allowed: true });
    const open = { ...key, permissions: null };
    expect(toData(open)).toEqual({ allowed: true, value: { management: false } });
    for (const [before, holds] of [
      [{ ...key, permissions: ['keys:read'] as Permission[] }, permissions],
      [open, ['keys:read', 'a:admin'] as Permission[]],
    ] as const) {
      expect(toData(before, [...holds])).toMatchObject({ code: 'nothing_to_grant' });
    }
  });

  it('leaves a data-only key one, and without a management permission in its list', () => {
    const dataOnly = { ...key, permissions: null, management: false };
    expect(decideNarrow(dataOnly, { management: true }, now)).toEqual({
      allowed: false,
      code: 'not_narrower',
      detail: 'A data-only key remains one.',
    });
    expect(decideNarrow(dataOnly, { permissions: ['a:read', 'keys:read'] }, now)).toEqual({
      allowed: false,
      code: 'permission_outside_scope',
      detail: 'A data-only read-write key cannot hold keys:read.',
    });
  });

  it('can be asked for again once it is made', () => {
    fc.assert(
      fc.property(keyArbitrary, changeArbitrary, (before, change) => {
        const decision = decideNarrow(before, change, now);
        if (!decision.allowed) return;
        const after = { ...before, ...decision.value };
        const again = decideNarrow(after, change, now);
        expect(again).toEqual({ allowed: true, value: change });
        expect({ ...after, ...change }).toEqual(after);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is allowed whenever it names what the key has already', () => {
    fc.assert(
      fc.property(keyArbitrary, (before) => {
        const listed = before.permissions?.filter((one) => canHold(before, one)) ?? [];
        const same: ChangeKey = {
          name: before.name,
          scope: before.scope,
          management: before.management,
          ...(listed.length === 0 ? {} : { permissions: listed }),
          ...(before.allowedIps === null ? {} : { allowedIps: before.allowedIps }),
          ...(before.expiresAt === null ? {} : { expiresAt: before.expiresAt }),
        };
        expect(decideNarrow(before, same, now)).toEqual({ allowed: true, value: same });
      }),
    );
  });

  it('is refused to keys that are revoked or expired, even of the name', () => {
    fc.assert(
      fc.property(keyArbitrary, changeArbitrary, fc.boolean(), (before, change, isRevoked) => {
        const dead = isRevoked ? { revokedAt: at(-1) } : { expiresAt: now };
        expect(decideNarrow({ ...before, ...dead }, change, now)).toEqual({
          allowed: false,
          code: 'key_not_active',
          detail: `The key is ${isRevoked ? 'revoked' : 'expired'}.`,
        });
      }),
    );
  });

  for (const [what, change, code] of [
    ['a higher scope', { scope: 'admin' }, 'not_narrower'],
    ['a permission that it does not list', { permissions: ['a:read', 'b:read'] }, 'not_narrower'],
    [
      'a permission beyond its new scope',
      { scope: 'read', permissions: ['a:write'] },
      'permission_outside_scope',
    ],
    ['a wider range', { allowedIps: ['10.0.0.0/7'] }, 'not_narrower'],
    ['a range beside its own', { allowedIps: ['10.1.0.0/16', '11.0.0.0/16'] }, 'not_narrower'],
    ['a later expiry', { expiresAt: new Date(at(5).getTime() + 1) }, 'not_narrower'],
    ['an expiry that has passed', { expiresAt: at(-1) }, 'expiry_not_allowed'],
    ['an expiry of this very instant', { expiresAt: now }, 'expiry_not_allowed'],
  ] as const satisfies [string, unknown, string][]) {
    it(`is refused with ${what}`, () => {
      const decision = decideNarrow(key, change as unknown as ChangeKey, now);
      expect(decision).toMatchObject({ allowed: false, code });
    });
  }

  it('refuses a permission beyond the scope also to a key without a list', () => {
    const decision = decideNarrow({ ...key, permissions: null }, { permissions: ['a:admin'] }, now);
    expect(decision).toEqual({
      allowed: false,
      code: 'permission_outside_scope',
      detail: 'A read-write key cannot hold a:admin.',
    });
  });
});
