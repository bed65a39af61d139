import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessFacts, KeyFacts, MemberFacts, OrgFacts } from './facts.js';
import { judge } from './judge.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const before = now.getTime() - 1;
const after = now.getTime() + 1;

const org: OrgFacts = {
  id: 'org_01h455vb4pex5vsknk084sn02q',
  name: 'Acme',
  kind: 'customer',
  status: 'active',
  grants: ['telemetry:read', 'telemetry:write'],
  memberKeys: 'own',
  defaultExpiryDays: 90,
  maxLifetimeDays: 365,
  allowNoExpiry: false,
};
const owner: MemberFacts = {
  id: 'usr_01h455vb4pex5vsknk084sn02q',
  name: 'Ada',
  status: 'active',
  role: 'member',
  grants: null,
};
const key: KeyFacts = {
  id: 'key_01h455vb4pex5vsknk084sn02q',
  ownerId: owner.id,
  name: 'ci',
  scope: 'read',
  permissions: null,
  management: true,
  allowedIps: null,
  expiresAt: after,
  isRevoked: false,
};
const facts = (changes: {
  key?: Partial<KeyFacts>;
  owner?: Partial<MemberFacts> | null;
  org?: Partial<OrgFacts>;
}): AccessFacts => ({
  key: { ...key, ...changes.key },
  owner: changes.owner === null ? null : { ...owner, ...changes.owner },
  org: { ...org, ...changes.org },
});

describe('the decision on a key', () => {
  it('is good for a live key, and says whose it is and what it may do', () => {
    const decision = judge(facts({}), now, undefined);
    expect(decision).toMatchObject({
      good: true,
      principal: {
        key: { id: key.id },
        owner: { id: owner.id },
        org: { id: org.id },
        role: 'member',
        grants: null,
        permissions: new Set(['telemetry:read', 'org:read', 'keys:read']),
      },
    });
  });

  it('names what is wrong with a key that is not good', () => {
    const refusal = (changes: Parameters<typeof facts>[0]) => judge(facts(changes), now, undefined);
    expect(judge(undefined, now, undefined)).toEqual({ good: false, refusal: 'unknown' });
    expect(refusal({ key: { isRevoked: true } })).toEqual({ good: false, refusal: 'revoked' });
    expect(refusal({ key: { expiresAt: before } })).toEqual({ good: false, refusal: 'expired' });
    expect(refusal({ owner: null })).toEqual({ good: false, refusal: 'owner_removed' });
    expect(refusal({ owner: { status: 'deactivated' } })).toEqual({
      good: false,
      refusal: 'owner_deactivated',
    });
    expect(refusal({ org: { status: 'suspended' } })).toEqual({
      good: false,
      refusal: 'org_suspended',
    });
  });

  it('refuses a key from the very instant of its expiry on', () => {
    const at = (expiresAt: number | null) =>
      judge(facts({ key: { expiresAt } }), now, undefined).good;
    expect([at(before), at(now.getTime()), at(after), at(null)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('refuses a key with an IP list from elsewhere, and from nowhere', () => {
    const from = (ip: string | undefined) =>
      judge(facts({ key: { allowedIps: ['10.0.0.0/8', '2001:db8::/32'] } }), now, ip);
    for (const ip of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1']) {
      expect(from(ip).good).toBe(true);
    }
    for (const ip of ['11.0.0.1', '::ffff:11.0.0.1', '2001:db9::1', 'garbage', '', undefined]) {
      expect(from(ip)).toEqual({ good: false, refusal: 'ip_not_allowed', orgId: org.id });
    }
  });

  it('tells of a wrong address only when the key is good otherwise', () => {
    const decision = judge(
      facts({ key: { allowedIps: ['10.0.0.0/8'], isRevoked: true } }),
      now,
      '11.0.0.1',
    );
    expect(decision).toEqual({ good: false, refusal: 'revoked' });
  });

  it('is never good when anything that it depends on is not', () => {
    const flaws = fc.record({
      revoked: fc.boolean(),
      expired: fc.boolean(),
      removed: fc.boolean(),
      deactivated: fc.boolean(),
      suspended: fc.boolean(),
      elsewhere: fc.boolean(),
    });
    fc.assert(
      fc.property(flaws, (flaw) => {
        const flawed = facts({
          key: {
            isRevoked: flaw.revoked,
            expiresAt: flaw.expired ? now.getTime() : after,
            allowedIps: flaw.elsewhere ? ['10.0.0.0/8'] : null,
          },
          owner: flaw.removed ? null : { status: flaw.deactivated ? 'deactivated' : 'active' },
          org: { status: flaw.suspended ? 'suspended' : 'active' },
        });
        const isFlawless = !Object.values(flaw).includes(true);
        expect(judge(flawed, now, '192.0.2.1').good).toBe(isFlawless);
      }),
    );
  });
});
