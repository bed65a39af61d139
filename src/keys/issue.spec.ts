import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId, newUserId } from '../common/ids.js';
import { isRangeIn } from '../common/ip.js';
import { effectivePermissions, holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../permissions/facts.js';
import { scopes, type Permission } from '../permissions/permission.js';
import { decideIssue, type Issuer } from './issue.js';
import type { CreateKey } from './key.dto.js';

const now = new Date('2027-01-01T00:00:00.000Z');
const day = 24 * 3_600_000;
const data: Permission[] = ['a:read', 'a:write', 'a:admin', 'b:read', 'b:write'];
const ranges = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '11.0.0.0/8', '::/0'];
const scope = fc.constantFrom(...scopes);

describe('the limits of a new key', () => {
  const org: OrgFacts = {
    id: newId('org'),
    name: 'an organisation',
    kind: 'customer',
    status: 'active',
    grants: data,
    memberKeys: 'own',
    defaultExpiryDays: 90,
    maxLifetimeDays: 365,
    allowNoExpiry: false,
  };
  const owner: MemberFacts = {
    id: newUserId(),
    name: 'somebody',
    status: 'active',
    role: 'manager',
    grants: null,
  };
  const issuer = (key: Partial<Issuer['key']> = {}, userId: string = owner.id): Issuer => {
    const none = { permissions: null, management: true, allowedIps: null, expiresAt: null };
    const whole = { scope: 'admin' as const, ...none, ...key };
    return { userId, key: whole, permissions: effectivePermissions(org, owner, whole) };
  };
  const input = (more: Partial<CreateKey> = {}): CreateKey => ({
    name: 'a key',
    scope: 'read',
    ...more,
  });

  it('are the defaults when nothing is asked for', () => {
    expect(decideIssue(input(), issuer(), owner, org, now)).toEqual({
      allowed: true,
      value: {
        scope: 'read',
        permissions: null,
        management: true,
        allowedIps: null,
        expiresAt: new Date(now.getTime() + 90 * day),
      },
    });
  });

  it('are refused above the scope of the issuer', () => {
    for (const [wanted, limit] of [
      ['admin', 'read-write'],
      ['admin', 'read'],
      ['read-write', 'read'],
    ] as const) {
      const decision = decideIssue(
        input({ scope: wanted }),
        issuer({ scope: limit }),
        owner,
        org,
        now,
      );
      expect(decision).toEqual({
        allowed: false,
        code: 'exceeds_issuer',
        detail: `Your key has the scope ${limit} only.`,
      });
    }
  });

  it('have a list of permissions as soon as the issuer has one, or is somebody else', () => {
    const narrowed = decideIssue(
      input(),
      issuer({ permissions: ['a:read', 'a:write'] }),
      owner,
      org,
      now,
    );
    expect(narrowed).toMatchObject({ allowed: true, value: { permissions: ['a:read'] } });
    const foreign = decideIssue(input(), issuer({}, newUserId()), owner, org, now);
    expect(foreign).toMatchObject({
      allowed: true,
      value: { permissions: expect.arrayContaining(['a:read', 'b:read']) },
    });
  });

  it('never have an empty list of permissions, nor one beyond what both people hold', () => {
    const keyList = fc.option(fc.subarray(data, { minLength: 1 }));
    const member = fc
      .record({ role: fc.constantFrom('manager', 'member'), grants: fc.option(fc.subarray(data)) })
      .map((facts) => ({ ...owner, ...facts, id: newUserId() }));
    fc.assert(
      fc.property(
        scope,
        keyList,
        fc.boolean(),
        member,
        (wanted, permissions, management, other) => {
          const decision = decideIssue(
            input({ scope: wanted, management }),
            issuer({ permissions }),
            other,
            org,
            now,
          );
          const limits = { scope: wanted, permissions, management };
          const common = [...effectivePermissions(org, other, limits)];
          const both = common.filter((one) => holdings(org, owner).has(one));
          if (decision.allowed) {
            expect([...(decision.value.permissions ?? [])].sort()).toEqual(both.sort());
          } else {
            expect({ code: decision.code, both }).toEqual({ code: 'nothing_to_grant', both: [] });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are no management permissions where the key is for data only, and at least one on data', () => {
    const whole = issuer();
    const decide = (wanted: Partial<CreateKey>, of = org) =>
      decideIssue(input({ management: false, ...wanted }), whole, owner, of, now);
    expect(decide({})).toMatchObject({ value: { permissions: null, management: false } });
    expect(decide({ permissions: ['a:read'] })).toMatchObject({
      value: { permissions: ['a:read'], management: false },
    });
    expect(decide({ permissions: ['a:read', 'keys:read'] })).toEqual({
      allowed: false,
      code: 'permission_outside_scope',
      detail: 'A data-only read key cannot hold keys:read.',
    });
    expect(decide({}, { ...org, grants: ['a:write'] })).toEqual({
      allowed: false,
      code: 'nothing_to_grant',
      detail:
        'A data-only read key can hold none of the permissions that both you and its owner hold.',
    });
  });

  it('are for data only where the issuing key is', () => {
    // No guard lets such a key create one: it lacks keys:admin.
    const limited = issuer({ management: false });
    const decide = (wanted: Partial<CreateKey>) =>
      decideIssue(input(wanted), limited, owner, org, now);
    for (const management of [{}, { management: true }]) {
      expect(decide(management)).toEqual({
        allowed: false,
        code: 'exceeds_issuer',
        detail: 'Your key is for data only.',
      });
    }
    expect(decide({ management: false })).toMatchObject({ value: { management: false } });
  });

  it('are the ranges of the issuer, or ranges within them', () => {
    const local = issuer({ allowedIps: ['10.0.0.0/8'] });
    expect(decideIssue(input(), local, owner, org, now)).toMatchObject({
      value: { allowedIps: ['10.0.0.0/8'] },
    });
    for (const range of ranges) {
      const decision = decideIssue(input({ allowedIps: [range] }), local, owner, org, now);
      expect(decision.allowed).toBe(isRangeIn(range, ['10.0.0.0/8']));
    }
  });

  it('end in the future, within the greatest lifetime, and at all unless the policy says otherwise', () => {
    const policies = fc.record({
      defaultExpiryDays: fc.integer({ min: 1, max: 90 }),
      maxLifetimeDays: fc.integer({ min: 90, max: 700 }),
      allowNoExpiry: fc.boolean(),
    });
    const instants = fc.integer({ min: -10 * day, max: 800 * day });
    const wanted = fc.option(instants.map((ms) => new Date(now.getTime() + ms)));
    fc.assert(
      fc.property(policies, wanted, (policy, end) => {
        const rules = { ...org, ...policy };
        const decision = decideIssue(input({ expiresAt: end }), issuer(), owner, rules, now);
        const longest = now.getTime() + policy.maxLifetimeDays * day;
        const fits = end === null ? policy.allowNoExpiry : end > now && end.getTime() <= longest;
        expect(decision).toMatchObject(
          fits
            ? { allowed: true, value: { expiresAt: end } }
            : { allowed: false, code: 'expiry_not_allowed' },
        );
        const byDefault = new Date(now.getTime() + policy.defaultExpiryDays * day);
        expect(decideIssue(input(), issuer(), owner, rules, now)).toMatchObject({
          value: { expiresAt: byDefault },
        });
      }),
      { numRuns: 500 },
    );
  });

  it('end with the issuing key where none is given, or less than a day more', () => {
    const ends = fc.integer({ min: 1, max: 700 * day });
    const more = fc.integer({ min: 1, max: day - 1 });
    const lax = { ...org, maxLifetimeDays: 3_650 };
    fc.assert(
      fc.property(ends, fc.option(more), (ms, beyond) => {
        const end = now.getTime() + ms;
        const wanted = beyond === null ? {} : { expiresAt: new Date(end + beyond) };
        const byDefault = Math.min(end, now.getTime() + 90 * day);
        expect(
          decideIssue(input(wanted), issuer({ expiresAt: end }), owner, lax, now),
        ).toMatchObject({
          allowed: true,
          value: { expiresAt: new Date(beyond === null ? byDefault : end) },
        });
      }),
    );
  });

  it('lie within the life of the issuing key, or are refused with the date that is possible', () => {
    const end = now.getTime() + 10 * day;
    const decide = (wanted: Partial<CreateKey>, policy = org) =>
      decideIssue(input(wanted), issuer({ expiresAt: end }), owner, policy, now);
    const refused = {
      allowed: false,
      code: 'exceeds_issuer',
      detail: expect.stringMatching(/ends at 2027-01-11T00:00:00\.000Z.*session/),
    };
    expect(decide({ expiresInDays: 11 })).toEqual(refused);
    expect(decide({ expiresAt: new Date(end + day) })).toEqual(refused);
    expect(decide({ expiresAt: null }, { ...org, allowNoExpiry: true })).toEqual(refused);
    expect(decide({ expiresAt: null })).toMatchObject({ code: 'expiry_not_allowed' });
    expect(decide({ expiresInDays: 366 })).toMatchObject({ code: 'expiry_not_allowed' });
    const earlier = new Date(end - 1);
    expect(decide({ expiresAt: earlier })).toMatchObject({ value: { expiresAt: earlier } });
  });

  it('may use the greatest lifetime to the millisecond, and not one more', () => {
    const longest = now.getTime() + 365 * day;
    const decide = (end: number) =>
      decideIssue(input({ expiresAt: new Date(end) }), issuer(), owner, org, now).allowed;
    expect([decide(longest), decide(longest + 1)]).toEqual([true, false]);
    expect([decide(now.getTime() + 1), decide(now.getTime())]).toEqual([true, false]);
  });
});
