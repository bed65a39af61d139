import { describe, expect, it } from '@jest/globals';
import { eventTypes } from '../notifications/events.js';
import { managerPermissions } from '../permissions/authorise.js';
import { permissionsGivenWith } from '../permissions/effective-permissions.js';
import type { Permission } from '../permissions/permission.js';
import { decideHearing, lackingToHear } from './hearing.js';

const customer = { kind: 'customer' } as const;
const operators = { kind: 'operator' } as const;
const set = (...permissions: Permission[]) => new Set(permissions);

describe('hearing of events', () => {
  it('takes the permission to read what they tell of', () => {
    for (const type of eventTypes) {
      const needed = type.startsWith('key.')
        ? 'keys:read'
        : type.startsWith('member.')
          ? 'members:read'
          : 'org:read';
      expect(lackingToHear([type], set('webhooks:admin'), customer)).toBe(needed);
      expect(lackingToHear([type], set(needed), customer)).toBeUndefined();
    }
  });

  it('of several kinds takes the permission for each', () => {
    const events = ['key.created', 'member.removed'] as const;
    expect(lackingToHear(events, set('keys:read'), customer)).toBe('members:read');
    expect(lackingToHear(events, set('keys:read', 'members:read'), customer)).toBeUndefined();
  });

  it('of all events takes all that a manager of that organisation holds', () => {
    for (const org of [customer, operators]) {
      const all = permissionsGivenWith('manager', org);
      expect(lackingToHear(null, new Set(all), org)).toBeUndefined();
      for (const one of all) {
        expect(lackingToHear(null, new Set(all.filter((each) => each !== one)), org)).toBe(one);
      }
    }
    expect(lackingToHear(null, new Set(managerPermissions), operators)).toBe('orgs:read');
  });

  it('is refused with the permission that lacks', () => {
    expect(decideHearing(['key.created'], set(), customer)).toEqual({
      allowed: false,
      code: 'exceeds_issuer',
      detail: 'The events contain what you cannot read. You do not hold keys:read.',
    });
    expect(decideHearing(null, set('keys:read'), customer)).toMatchObject({
      code: 'exceeds_issuer',
      detail: expect.stringContaining('all permissions of a manager. You do not hold keys:write.'),
    });
    expect(decideHearing(['key.created'], set('keys:read'), customer).allowed).toBe(true);
  });
});
