import type { Caller } from '../auth/caller.js';
import type { OrgId, UserId } from '../common/ids.js';
import { isForeign } from '../permissions/authorise.js';
import type { Standing } from '../permissions/standing.js';

/** The member whose keys are all that the caller may see; undefined for managers. */
export function restriction(me: Pick<Standing, 'role' | 'userId'>): UserId | undefined {
  return me.role === 'manager' ? undefined : me.userId;
}

/** The same for a caller who changes nothing. */
export function readerRestriction({ principal }: Caller, orgId: OrgId): UserId | undefined {
  if (isForeign(principal, orgId)) return undefined;
  return restriction({ role: principal.role, userId: principal.owner.id });
}
