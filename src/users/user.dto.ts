import {
  Characters,
  Describes,
  Email,
  IdOf,
  Instant,
  ListOf,
  MailedName,
  Nested,
  NotEmpty,
  Nullable,
  OneOf,
  Optional,
} from '../common/fields.js';
import type { OrgId, UserId } from '../common/ids.js';
import { exampleOf } from '../common/json-schema.js';
import { PageQuery } from '../common/page.js';
import { committed, pageOf, sampleIds } from '../common/views.js';
import type { User } from './user.entity.js';

/** A new person. */
@Describes({ id: 'CreateUser', example: { email: 'ada@example.com', name: 'Ada Lovelace' } })
export class CreateUser {
  @Email()
  email!: string;

  @MailedName(100)
  name!: string;
}

/** Another name or e-mail address of a user. */
@NotEmpty()
@Describes({ id: 'ChangeUser', example: { email: 'ada.king@example.com' } })
export class ChangeUser {
  @Optional()
  @Email('Only people have one.')
  email?: string;

  @Optional()
  @MailedName(100)
  name?: string;
}

export class ListUsers extends PageQuery {
  @Optional()
  @Email('Only the user with this e-mail address.')
  email?: string;
}

@Describes({
  id: 'User',
  example: {
    id: sampleIds.user,
    kind: 'person',
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    status: 'active',
    createdAt: '2026-11-02T09:10:00.000Z',
  },
})
export class UserView {
  @IdOf('usr')
  id!: UserId;

  @OneOf(['person', 'service'])
  kind!: 'person' | 'service';

  @Nullable()
  @Characters('In lower case. Service accounts have none.')
  email!: string | null;

  @Characters()
  name!: string;

  @OneOf(['active', 'deactivated'])
  status!: 'active' | 'deactivated';

  @Instant()
  createdAt!: Date;
}
export const UserPage = pageOf(UserView);
export const UserCommitted = committed(UserView);

@Describes({
  id: 'SignInLink',
  example: {
    link: 'https://keys.example.com/sign-in#link_3vJ8…',
    expiresAt: '2026-11-02T09:30:00.000Z',
  },
})
export class SignInLinkView {
  @Characters('The person who opens it is signed in as that user. It is in this response only.')
  link!: string;

  @Instant()
  expiresAt!: Date;
}
export const SignInLinkCommitted = committed(SignInLinkView);

class OrgWithoutManager {
  @IdOf('org')
  id!: OrgId;

  @Characters()
  name!: string;
}

/** A deactivated user, and the organisations that are left without a manager. */
@Describes({
  id: 'DeactivatedUser',
  example: { ...exampleOf(UserView), status: 'deactivated', orgsWithoutManager: [] },
})
export class DeactivatedView extends UserView {
  @ListOf(
    Nested(OrgWithoutManager),
    {},
    'Organisations whose last manager this was. Operators get a mail, too: each needs another.',
  )
  orgsWithoutManager!: OrgWithoutManager[];
}
export const UserDeactivated = committed(DeactivatedView);

export function userView(user: User): UserView {
  const { id, kind, email: address, name, status, createdAt } = user;
  return { id, kind, email: address, name, status, createdAt };
}
