import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../common/errors.js';
import type { OrgId } from '../common/ids.js';
import { authorise, insufficientPermission, isForeign, managerPermissions } from './authorise.js';
import { managementPermissions, type ManagementPermission, type Permission } from './permission.js';
import type { Principal } from './principal.js';

const own: OrgId = 'org_01h455vb4pex5vsknk084sn02q';
const foreign: OrgId = 'org_01h455vb4pex5vsknk084sn02r';
const all = Object.keys(managementPermissions) as ManagementPermission[];

function principal(permissions: Permission[]): Principal {
  return {
    key: {
      id: 'key_01h455vb4pex5vsknk084sn02q',
      name: 'ci',
      scope: 'admin',
      permissions: null,
      management: true,
      allowedIps: null,
      expiresAt: null,
    },
    owner: { id: 'usr_01h455vb4pex5vsknk084sn02q', name: 'Ada' },
    org: { id: own, name: 'Acme' },
    role: 'manager',
    grants: null,
    permissions: new Set(permissions),
  };
}

/** The code of the refusal, or undefined when the principal may pass. */
function refusal(
  held: Permission[],
  requires: ManagementPermission | null,
  orgId: string | undefined,
): string | undefined {
  try {
    authorise(principal(held), requires, orgId);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

const heldLists = fc.subarray(all);
const demands = fc.option(fc.constantFrom(...all));

describe('authorisation', () => {
  it('in the own organisation lets exactly those pass who hold what is required', () => {
    fc.assert(
      fc.property(heldLists, demands, fc.constantFrom(own, undefined), (held, requires, orgId) => {
        const isEnough = requires === null || held.includes(requires);
        expect(refusal(held, requires, orgId)).toBe(
          isEnough ? undefined : 'insufficient_permission',
        );
      }),
    );
  });

  it('hides every other organisation from those who are no operators', () => {
    fc.assert(
      fc.property(heldLists, demands, (held, requires) => {
        const mine = held.filter((permission) => permission !== 'orgs:admin');
        expect(refusal(mine, requires, foreign)).toBe('not_found');
      }),
    );
  });

  it('makes orgs:admin a manager of every other organisation, and no more than that', () => {
    fc.assert(
      fc.property(heldLists, demands, (held, requires) => {
        const mine = [...new Set<Permission>([...held, 'orgs:admin'])];
        const passes =
          requires === null || managerPermissions.includes(requires) || mine.includes(requires);
        expect(refusal(mine, requires, foreign)).toBe(
          passes ? undefined : 'insufficient_permission',
        );
      }),
    );
  });

  it('does not let orgs:admin stand for a permission in the own organisation', () => {
    expect(refusal(['orgs:admin'], 'keys:admin', own)).toBe('insufficient_permission');
  });

  it('calls an organisation foreign only when the path names another one', () => {
    expect(isForeign(principal([]), undefined)).toBe(false);
    expect(isForeign(principal([]), own)).toBe(false);
    expect(isForeign(principal([]), foreign)).toBe(true);
  });

  it('names the permission that lacks, and says what it is for where it is one of ours', () => {
    expect(insufficientPermission('keys:admin')).toMatchObject({
      code: 'insufficient_permission',
      detail: 'This needs the permission keys:admin (create keys).',
      members: { permission: 'keys:admin' },
    });
    expect(insufficientPermission('telemetry:read').detail).toBe(
      'This needs the permission telemetry:read.',
    );
    expect(insufficientPermission('constructor' as Permission).detail).toBe(
      'This needs the permission constructor.',
    );
  });
});
