import { z } from 'zod';
import { permission, roles } from '../auth/permission.js';
import { committed, exampleOf, pageOf, sampleIds, timestamp } from '../common/answer.js';
import { id, pageQuery } from '../common/schema.js';
import { grantList } from '../orgs/org.dto.js';
import { email, personName } from '../users/user.dto.js';
import type { MemberRow } from './member.store.js';

const role = z.enum(roles);
const grants = grantList
  .nullable()
  .describe("A subset of the organisation's grants, or null for all of them, now and later.");

/** A person to add by their e-mail address, whether or not the installation knows it. */
export const AddMember = z
  .strictObject({
    email,
    name: personName.describe('Shown in this organisation until the person has signed in to it.'),
    role,
    grants: grants.default(null),
  })
  .meta({
    id: 'AddMember',
    examples: [{ email: 'ada@example.com', name: 'Ada Lovelace', role: 'member', grants: null }],
  });
export type AddMember = z.infer<typeof AddMember>;

/** A service account: it belongs to the organisation, and its keys outlive whoever made them. */
export const AddServiceAccount = z
  .strictObject({
    name: personName,
    role: role.default('member'),
    grants: grants.default(null),
  })
  .meta({ id: 'AddServiceAccount', examples: [{ name: 'ci', grants: ['telemetry:write'] }] });
export type AddServiceAccount = z.infer<typeof AddServiceAccount>;

export const PutMember = z
  .strictObject({ role, grants })
  .meta({ id: 'PutMember', examples: [{ role: 'manager', grants: null }] });
export type PutMember = z.infer<typeof PutMember>;

export const ListMembers = pageQuery;
export type ListMembers = z.infer<typeof ListMembers>;

/**
 * A member as managers see them. The status of a person is left out: it would tell whether an
 * e-mail address was known before it was added.
 */
export const MemberView = z
  .strictObject({
    orgId: id('org'),
    userId: id('usr'),
    kind: z.enum(['person', 'service']),
    email: z.string().nullable().describe('In lower case. Service accounts have none.'),
    name: z.string().describe('The name that the manager gave who added the member.'),
    role,
    grants: z.array(permission).nullable().describe('Null inherits all of the organisation.'),
    createdAt: timestamp,
  })
  .meta({
    id: 'Member',
    examples: [
      {
        orgId: sampleIds.org,
        userId: sampleIds.user,
        kind: 'person',
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        role: 'member',
        grants: null,
        createdAt: '2026-11-02T09:15:00.000Z',
      },
    ],
  });
export type MemberView = z.infer<typeof MemberView>;
export const MemberPage = pageOf(MemberView);
export const MemberCommitted = committed(MemberView);
export const MemberRemoved = committed(
  MemberView.extend({ revokedKeys: z.array(id('key')) }).meta({
    examples: [{ ...exampleOf(MemberView), revokedKeys: [sampleIds.key] }],
  }),
);

export function memberView(member: MemberRow): MemberView {
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
