import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { managerPermissions } from './authorise.js';
import { permissionsGivenWith } from './effective-permissions.js';
import {
  decideRemoval,
  decideStanding,
  isUnrestricted,
  type Giver,
  type MemberStanding,
} from './giving.js';
import { roles, scopes, type Permission } from './permission.js';

const data: Permission[] = ['a:read', 'a:write', 'b:read', 'b:admin'];
const kinds = fc.constantFrom('customer' as const, 'operator' as const);
const org = { kind: 'customer' as const, grants: ['a:read', 'a:write', 'b:read'] as Permission[] };
const operators = { ...org, kind: 'operator' as const };
const giver = (permissions: readonly Permission[], isOpen = false): Giver => ({
  permissions: new Set(permissions),
  isUnrestricted: isOpen,
});
const hr = giver(['members:read', 'members:admin']);
const manager = giver([...managerPermissions, 'a:read']);
const member = (grants: Permission[] | null): MemberStanding => ({ role: 'member', grants });
const refused = { allowed: false, code: 'exceeds_issuer' };

const anyGrants = fc.option(fc.subarray(data));
const standings = fc.record({ role: fc.constantFrom(...roles), grants: anyGrants });
const givers = fc
  .record({ list: fc.subarray([...permissionsGivenWith('manager', operators), ...data]) })
  .map(({ list }) => giver(list));

describe('what somebody may be made', () => {
  it('a manager only by those who hold all that a manager of that organisation does', () => {
    for (const each of [org, operators]) {
      const all = permissionsGivenWith('manager', each);
      const make = (by: Giver) =>
        decideStanding({ role: 'manager', grants: [] }, undefined, by, each);
      expect(make(giver(all)).allowed).toBe(true);
      for (const one of all) {
        const decision = make(giver(all.filter((held) => held !== one)));
        expect(decision).toMatchObject({ ...refused, detail: expect.stringContaining(one) });
      }
    }
    expect(
      decideStanding({ role: 'manager', grants: [] }, undefined, manager, operators),
    ).toMatchObject(refused);
  });

  it('no manager any more only by those who could make one, whether demoted or removed', () => {
    const current: MemberStanding = { role: 'manager', grants: [] };
    expect(decideStanding(member([]), current, hr, org)).toMatchObject(refused);
    expect(decideRemoval(current, hr, org)).toMatchObject(refused);
    expect(decideStanding(member([]), current, manager, org).allowed).toBe(true);
    expect(decideRemoval(current, manager, org).allowed).toBe(true);
    expect(decideRemoval(member(null), hr, org).allowed).toBe(true);
  });

  it('a member by everybody who adds members, but among operators only by those who see what they see', () => {
    expect(decideStanding(member([]), undefined, hr, org).allowed).toBe(true);
    expect(decideStanding(member([]), undefined, hr, operators)).toMatchObject({
      ...refused,
      detail: expect.stringContaining('orgs:read'),
    });
    const seeing = giver(['members:admin', 'orgs:read', 'users:read', 'verify:read']);
    expect(decideStanding(member([]), undefined, seeing, operators).allowed).toBe(true);
    expect(decideStanding(member([]), member([]), hr, operators).allowed).toBe(true);
  });

  it('one who inherits all grants only by whom nothing narrows, or who does so already', () => {
    for (const by of [hr, manager]) {
      expect(decideStanding(member(null), undefined, by, org)).toMatchObject(refused);
      expect(decideStanding(member(null), member([]), by, org)).toMatchObject(refused);
      expect(decideStanding(member(null), member(null), by, org)).toEqual({
        allowed: true,
        value: member(null),
      });
    }
    const open = giver(managerPermissions, true);
    expect(decideStanding(member(null), undefined, open, org).allowed).toBe(true);
  });

  it('one with grants that the giver holds, or that they have already', () => {
    const give = (wanted: Permission[], current?: Permission[] | null) =>
      decideStanding(
        member(wanted),
        current === undefined ? undefined : member(current),
        manager,
        org,
      );
    expect(give(['a:read']).allowed).toBe(true);
    expect(give(['a:write'])).toEqual({ ...refused, detail: 'You do not hold a:write.' });
    expect(give(['a:write'], [])).toMatchObject(refused);
    expect(give(['a:write', 'a:read'], ['a:write']).allowed).toBe(true);
    expect(give(['a:write'], null).allowed).toBe(true);
    expect(give(['b:admin'])).toMatchObject({ code: 'not_in_grants' });
    expect(give(['b:admin'], null)).toMatchObject({ code: 'not_in_grants' });
    // The organisation has lost it since: it has no effect, and may stay where it is.
    expect(give(['b:admin'], ['b:admin']).allowed).toBe(true);
  });

  it('one with the grants of the giver where none are named', () => {
    const add = (by: Giver) => decideStanding({ role: 'member' }, undefined, by, org);
    expect(add(giver(managerPermissions, true))).toEqual({ allowed: true, value: member(null) });
    expect(add(giver([...managerPermissions, 'b:read', 'a:read']))).toEqual({
      allowed: true,
      value: member(['a:read', 'b:read']),
    });
    expect(add(hr)).toEqual({ allowed: true, value: member([]) });
  });

  it('never more than giver and member held before, for every giver and gift', () => {
    let given = 0;
    const wanted = fc.record(
      { role: fc.constantFrom(...roles), grants: anyGrants },
      { requiredKeys: ['role'] },
    );
    fc.assert(
      fc.property(wanted, fc.option(standings), givers, kinds, (want, current, by, kind) => {
        const decision = decideStanding(want, current ?? undefined, by, { ...org, kind });
        if (!decision.allowed) return;
        given += 1;
        const { role, grants } = decision.value;
        if (role === 'manager' && current?.role !== 'manager') {
          const all = permissionsGivenWith('manager', { kind });
          expect(all.filter((one) => !by.permissions.has(one))).toEqual([]);
        }
        const had = current && (current.grants ?? org.grants);
        if (grants === null) expect(current?.grants).toBeNull();
        for (const one of grants ?? []) {
          expect(by.permissions.has(one) || had?.includes(one)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(given).toBeGreaterThan(100);
  });
});

describe('somebody whom nothing narrows', () => {
  it('has neither grants of their own, nor a list, nor a lower scope', () => {
    const key = { id: 'key_x', name: 'x', allowedIps: null, expiresAt: null } as const;
    for (const scope of scopes) {
      for (const permissions of [null, ['a:read'] as const]) {
        for (const grants of [null, [], ['a:read'] as const]) {
          for (const management of [true, false]) {
            const limits = { scope, permissions, management };
            expect(isUnrestricted({ key: { ...key, ...limits }, grants })).toBe(
              scope === 'admin' && management && permissions === null && grants === null,
            );
          }
        }
      }
    }
  });
});
