import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { managerPermissions } from './authorise.js';
import { effectivePermissions, holdings } from './effective-permissions.js';
import {
  actions,
  covers,
  isReserved,
  managementPermissions,
  roles,
  scopes,
  type Permission,
} from './permission.js';

const operatorsOnly = ['orgs:read', 'orgs:admin', 'users:read', 'users:admin', 'verify:read'];

// Few resources, so that lists often have something in common.
const data = fc.constantFrom(
  ...['telemetry', 'assets', 'reports'].flatMap((resource) =>
    actions.map((action): Permission => `${resource}:${action}`),
  ),
);
const management = fc.constantFrom(...(Object.keys(managementPermissions) as Permission[]));
const listOf = (one: fc.Arbitrary<Permission>) => fc.uniqueArray(one, { maxLength: 9 });
const anyPermission = fc.oneof(data, management);

const orgs = fc.record({
  kind: fc.constantFrom('operator', 'customer'),
  // Grants never hold a reserved permission; if a row did, it must have no effect.
  grants: listOf(anyPermission),
  memberKeys: fc.constantFrom('own', 'none'),
});
const members = fc.record({
  role: fc.constantFrom(...roles),
  grants: fc.option(listOf(anyPermission)),
});
const keys = fc.record({
  scope: fc.constantFrom(...scopes),
  permissions: fc.option(listOf(anyPermission)),
  management: fc.boolean(),
});

/** Whether everything in the first set is in the second. */
const isWithin = (inner: Iterable<Permission>, outer: ReadonlySet<Permission>) =>
  [...inner].every((permission) => outer.has(permission));

describe('effective permissions', () => {
  it('exceed none of the sets that they are the intersection of', () => {
    fc.assert(
      fc.property(orgs, members, keys, (org, owner, key) => {
        const effective = effectivePermissions(org, owner, key);
        expect(isWithin(effective, holdings(org, owner))).toBe(true);
        for (const permission of effective) {
          expect(covers(key.scope, permission)).toBe(true);
          expect(key.permissions?.includes(permission) ?? true).toBe(true);
          expect(key.management || !isReserved(permission)).toBe(true);
          if (isReserved(permission)) continue;
          expect(org.grants).toContain(permission);
          expect(owner.grants?.includes(permission) ?? true).toBe(true);
        }
      }),
    );
  });

  it('leave out nothing that is in all of those sets', () => {
    fc.assert(
      fc.property(orgs, members, keys, anyPermission, (org, owner, key, permission) => {
        const inAll =
          holdings(org, owner).has(permission) &&
          covers(key.scope, permission) &&
          (key.management || !isReserved(permission)) &&
          (key.permissions?.includes(permission) ?? true);
        expect(effectivePermissions(org, owner, key).has(permission)).toBe(inAll);
      }),
    );
  });

  it('only shrink when the list or the scope of the key is narrowed, or it becomes data-only', () => {
    fc.assert(
      fc.property(orgs, members, keys, keys, (org, owner, key, other) => {
        const before = effectivePermissions(org, owner, key);
        const permissions =
          key.permissions?.filter((one) => other.permissions?.includes(one) ?? true) ??
          other.permissions;
        const scope =
          scopes.indexOf(other.scope) < scopes.indexOf(key.scope) ? other.scope : key.scope;
        const management = key.management && other.management;
        const after = effectivePermissions(org, owner, { scope, permissions, management });
        expect(isWithin(after, before)).toBe(true);
      }),
    );
  });

  it('only shrink when the organisation or the member loses grants', () => {
    fc.assert(
      fc.property(orgs, members, keys, listOf(data), (org, owner, key, kept) => {
        const before = effectivePermissions(org, owner, key);
        const keep = (list: Permission[]) => list.filter((one) => kept.includes(one));
        const poorerOrg = { ...org, grants: keep(org.grants) };
        const poorerOwner = { ...owner, grants: keep(owner.grants ?? org.grants) };
        expect(isWithin(effectivePermissions(poorerOrg, owner, key), before)).toBe(true);
        expect(isWithin(effectivePermissions(org, poorerOwner, key), before)).toBe(true);
      }),
    );
  });

  it('only shrink when the owner is demoted, or the policy takes keys from members', () => {
    fc.assert(
      fc.property(orgs, members, keys, (org, owner, key) => {
        const asManager = effectivePermissions(org, { ...owner, role: 'manager' }, key);
        const asMember = effectivePermissions(org, { ...owner, role: 'member' }, key);
        expect(isWithin(asMember, asManager)).toBe(true);
        const own = effectivePermissions({ ...org, memberKeys: 'own' }, owner, key);
        const none = effectivePermissions({ ...org, memberKeys: 'none' }, owner, key);
        expect(isWithin(none, own)).toBe(true);
      }),
    );
  });

  it('never give a customer a permission of the operators, whatever the rows say', () => {
    fc.assert(
      fc.property(orgs, members, keys, (org, owner, key) => {
        const effective = effectivePermissions({ ...org, kind: 'customer' }, owner, key);
        expect(operatorsOnly.filter((one) => effective.has(one as Permission))).toEqual([]);
      }),
    );
  });
});

describe('holdings', () => {
  const org = {
    kind: 'customer',
    grants: ['telemetry:read', 'telemetry:write'],
    memberKeys: 'own',
  } as const;
  const held = (...[of, member]: Parameters<typeof holdings>) => [...holdings(of, member)].sort();

  it('of a manager are the grants of the organisation and what managers manage', () => {
    expect(held({ ...org, grants: [...org.grants] }, { role: 'manager', grants: null })).toEqual(
      [...org.grants, ...managerPermissions].sort(),
    );
  });

  it('of a member are the grants, the organisation and keys of their own', () => {
    expect(held({ ...org, grants: [...org.grants] }, { role: 'member', grants: null })).toEqual(
      [...org.grants, 'keys:admin', 'keys:read', 'keys:write', 'org:read'].sort(),
    );
  });

  it('of a member lack the creation of keys where only managers create them', () => {
    const strict = { ...org, grants: [], memberKeys: 'none' } as const;
    expect(held({ ...strict, grants: [] }, { role: 'member', grants: null })).toEqual([
      'keys:read',
      'keys:write',
      'org:read',
    ]);
  });

  it('keep only those grants of a restricted member that the organisation has itself', () => {
    const own = holdings(
      { ...org, grants: [...org.grants] },
      { role: 'member', grants: ['telemetry:write', 'assets:read'] },
    );
    expect(own.has('telemetry:write')).toBe(true);
    expect(own.has('telemetry:read')).toBe(false);
    expect(own.has('assets:read')).toBe(false);
  });

  it('of an operator hold what operators do, of their members only what reads', () => {
    const operators = { ...org, kind: 'operator', grants: [] } as const;
    const manager = holdings({ ...operators, grants: [] }, { role: 'manager', grants: null });
    const member = holdings({ ...operators, grants: [] }, { role: 'member', grants: null });
    const inHoldings = (set: Set<Permission>) =>
      operatorsOnly.filter((one) => set.has(one as Permission));
    expect(inHoldings(manager)).toEqual(operatorsOnly);
    expect(inHoldings(member)).toEqual(['orgs:read', 'users:read', 'verify:read']);
  });
});
