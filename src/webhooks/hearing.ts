import { allow, refuse, type Decision } from '../common/errors.js';
import type { EventType } from '../notifications/events.js';
import { permissionsGivenWith } from '../permissions/effective-permissions.js';
import type { OrgFacts } from '../permissions/facts.js';
import type { ManagementPermission, Permission } from '../permissions/permission.js';

/** The permission that a person needs to read the same without a webhook. */
const toldBy: Record<EventType, ManagementPermission> = {
  'key.created': 'keys:read',
  'key.revoked': 'keys:read',
  'key.expiring': 'keys:read',
  'key.expired': 'keys:read',
  'member.removed': 'members:read',
  'org.suspended': 'org:read',
};

/**
 * The first permission that somebody lacks to receive these events.
 *
 * @param events null for all, including future ones, which may be about anything that managers see
 * @param held effective permissions in the organisation
 */
export function lackingToHear(
  events: readonly EventType[] | null,
  held: ReadonlySet<Permission>,
  org: Pick<OrgFacts, 'kind'>,
): ManagementPermission | undefined {
  const needed = events?.map((type) => toldBy[type]) ?? permissionsGivenWith('manager', org);
  return needed.find((permission) => !held.has(permission));
}

/** Decides whether somebody may create a webhook for these events. */
export function decideHearing(
  events: readonly EventType[] | null,
  held: ReadonlySet<Permission>,
  org: Pick<OrgFacts, 'kind'>,
): Decision<undefined> {
  const lacking = lackingToHear(events, held, org);
  if (lacking === undefined) return allow(undefined);
  const what =
    events === null
      ? 'A webhook for all events needs all permissions of a manager'
      : 'The events contain what you cannot read';
  return refuse('exceeds_issuer', `${what}. You do not hold ${lacking}.`);
}
