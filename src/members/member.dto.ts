import { z } from 'zod';
import { roles } from '../auth/permission.js';
import { pageQuery } from '../common/schema.js';
import { grantList } from '../orgs/org.dto.js';
import { email, personName } from '../users/user.dto.js';
import type { MemberRow } from './member.store.js';

const role = z.enum(roles);
/** A subset of the organisation's grants, or null for all of them, now and later. */
const grants = grantList.nullable();

/** A person to add by their e-mail address, whether or not the installation knows it. */
export const AddMember = z.strictObject({
  email,
  /** Shown in this organisation until the person has signed in to it. */
  name: personName,
  role,
  grants: grants.default(null),
});
export type AddMember = z.infer<typeof AddMember>;

/** A service account: it belongs to the organisation, and its keys outlive whoever made them. */
export const AddServiceAccount = z.strictObject({
  name: personName,
  role: role.default('member'),
  grants: grants.default(null),
});
export type AddServiceAccount = z.infer<typeof AddServiceAccount>;

export const PutMember = z.strictObject({ role, grants });
export type PutMember = z.infer<typeof PutMember>;

export const ListMembers = pageQuery;
export type ListMembers = z.infer<typeof ListMembers>;

/**
 * A member as managers see them. The status of a person is left out: it would tell whether an
 * e-mail address was known before it was added.
 */
export function memberView(member: MemberRow) {
  const { orgId, userId, kind, email: address, name, role: current, createdAt } = member;
  return {
    orgId,
    userId,
    kind,
    email: address,
    name,
    role: current,
    grants: member.grants,
    createdAt,
  };
}
export type MemberView = ReturnType<typeof memberView>;
