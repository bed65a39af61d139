import { HasPermission } from '../permissions/permission-fields.js';
import { roles, type Permission, type Role } from '../permissions/permission.js';
import {
  Characters,
  Count,
  Describes,
  Email,
  Flag,
  IdOf,
  Instant,
  ListOf,
  MailedName,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Preset,
  Text,
} from '../common/fields.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { exampleOf } from '../common/json-schema.js';
import { CountedQuery } from '../common/page.js';
import { committed, countedPageOf, sampleIds } from '../common/views.js';
import { deliveryStates, type Delivery } from '../notifications/delivery.entity.js';
import { Grants } from '../orgs/org.dto.js';
import type { MemberRow } from './member.store.js';

const aboutGrants =
  "A subset of the organisation's grants, or null for all of them, now and later.";
const aboutGivenGrants =
  `${aboutGrants} Left out it is null for a caller without restrictions, ` +
  'otherwise those that the caller holds.';

/** A person to add by their e-mail address, whether or not the installation knows it. */
@Describes({
  id: 'AddMember',
  example: { email: 'ada@example.com', name: 'Ada Lovelace', role: 'member', grants: null },
})
export class AddMember {
  @Email()
  email!: string;

  @MailedName(100, 'Shown in this organisation until the person has signed in to it.')
  name!: string;

  @OneOf(roles)
  role!: Role;

  @Optional()
  @Nullable()
  @Grants(aboutGivenGrants)
  grants?: Permission[] | null;
}

/** A service account: it belongs to the organisation, and its keys outlive the person who made them. */
@Describes({ id: 'AddServiceAccount', example: { name: 'ci', grants: ['telemetry:write'] } })
export class AddServiceAccount {
  @MailedName(100)
  name!: string;

  @Preset()
  @OneOf(roles)
  role: Role = 'member';

  @Optional()
  @Nullable()
  @Grants(aboutGivenGrants)
  grants?: Permission[] | null;
}

@Describes({ id: 'PutMember', example: { role: 'manager', grants: null } })
export class PutMember {
  @OneOf(roles)
  role!: Role;

  @Nullable()
  @Grants(aboutGrants)
  grants!: Permission[] | null;
}

/** Filters of the list of members, which are combined with AND, and the page. */
export class ListMembers extends CountedQuery {
  @Optional()
  @Text(100, 'A part of the name or of the e-mail address, in any letter case.')
  search?: string;

  @Optional()
  @OneOf(roles)
  role?: Role;

  @Optional()
  @OneOf(['person', 'service'], 'Only people, or only service accounts.')
  kind?: 'person' | 'service';
}

/**
 * A member as managers see them. The status of a person is left out: it would show whether an e-mail
 * address was known before it was added.
 */
@Describes({
  id: 'Member',
  example: {
    orgId: sampleIds.org,
    userId: sampleIds.user,
    kind: 'person',
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    role: 'member',
    grants: null,
    pending: false,
    createdAt: '2026-11-02T09:15:00.000Z',
  },
})
export class MemberView {
  @IdOf('org')
  orgId!: OrgId;

  @IdOf('usr')
  userId!: UserId;

  @OneOf(['person', 'service'])
  kind!: 'person' | 'service';

  @Nullable()
  @Characters('In lower case. Service accounts have none.')
  email!: string | null;

  @Characters('The name that the manager gave who added the member.')
  name!: string;

  @OneOf(roles)
  role!: Role;

  @Nullable()
  @ListOf(HasPermission(), {}, 'Null inherits all grants of the organisation.')
  grants!: Permission[] | null;

  @Flag('Whether the person has not opened the organisation in the console yet.')
  pending!: boolean;

  @Instant()
  createdAt!: Date;
}
export const MemberPage = countedPageOf(MemberView);
export const MemberCommitted = committed(MemberView);

/** A large number of keys is not counted to the end. */
const manyKeys = '100,000 means that many or more.';

class InvitationView {
  @OneOf(
    deliveryStates,
    '`sent`: to the mail server; `logged`: there is none; `obsolete`: the person had opened the ' +
      'organisation before the mail was sent.',
  )
  state!: Delivery['state'];

  @Instant()
  createdAt!: Date;
}

/** A member, their invitation, and what stops working when they are removed. */
@Describes({
  id: 'MemberDetails',
  example: { ...exampleOf(MemberView), activeKeys: 3, invitation: null },
})
export class MemberDetails extends MemberView {
  @Count(`How many valid keys they have. ${manyKeys}`)
  activeKeys!: number;

  @Nullable()
  @Nested(InvitationView, 'The latest mail that invited the person; null when there is none.')
  invitation!: InvitationView | null;
}

class RevokedKeys {
  @Count(`How many keys, expired ones included. ${manyKeys}`)
  total!: number;

  @ListOf(IdOf('key'), { max: 100 }, 'The first 100 of them by creation.')
  ids!: KeyId[];
}

@Describes({
  example: { ...exampleOf(MemberView), revokedKeys: { total: 1, ids: [sampleIds.key] } },
})
export class RemovedMember extends MemberView {
  @Nested(RevokedKeys, 'No key works any more, however many there are.')
  revokedKeys!: RevokedKeys;
}
export const MemberRemoved = committed(RemovedMember);

export function memberView(member: MemberRow): MemberView {
  const { orgId, userId, kind, email: address, name, role: current, pending, createdAt } = member;
  return {
    orgId,
    userId,
    kind,
    email: address,
    name,
    role: current,
    grants: member.grants,
    pending,
    createdAt,
  };
}
