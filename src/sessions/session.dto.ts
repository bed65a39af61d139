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
  Nested,
  Nullable,
  OneOf,
} from '../common/fields.js';
import type { OrgId, SessionId, UserId } from '../common/ids.js';
import { sampleIds } from '../common/views.js';

@Describes({ id: 'RequestSignInLink', example: { email: 'ada@example.com' } })
export class RequestLink {
  @Email()
  email!: string;
}

@Describes({ id: 'SignIn', example: { token: 'link_3vJ8…' } })
export class SignIn {
  @Characters('The part after the `#` of the link.', 100)
  token!: string;
}

@Describes({
  id: 'SignInOptions',
  example: { mail: true, mailServer: true, provider: null, obstacle: null },
})
export class SignInView {
  @Flag('Whether a link can be mailed.')
  mail!: boolean;

  @Flag('Whether a mail server is set up: without one, mails are only logged.')
  mailServer!: boolean;

  @Nullable()
  @Characters('The host of the identity provider to sign in at; null when there is none.')
  provider!: string | null;

  @Nullable()
  @Characters('Why nobody can sign in here; null when they can.')
  obstacle!: string | null;
}

export class StandingView {
  @IdOf('org')
  id!: OrgId;

  @Characters()
  name!: string;

  @OneOf(['operator', 'customer'])
  kind!: 'operator' | 'customer';

  @OneOf(['active', 'suspended'])
  status!: 'active' | 'suspended';

  @OneOf(roles)
  role!: Role;

  @ListOf(HasPermission(), {}, 'What the user may do there; nothing while suspended.')
  permissions!: Permission[];

  @ListOf(Characters(), {}, 'Names of at most five managers whom a member can ask.')
  managers!: string[];
}

class SignedInUser {
  @IdOf('usr')
  id!: UserId;

  @Characters()
  name!: string;

  @Characters()
  email!: string;
}

@Describes({
  id: 'Session',
  example: {
    user: { id: sampleIds.user, name: 'Ada Lovelace', email: 'ada@example.com' },
    createdAt: '2026-11-05T15:30:00.000Z',
    expiresAt: '2026-11-05T16:58:12.000Z',
    organisations: [
      {
        id: sampleIds.org,
        name: 'Acme Rockets',
        kind: 'customer',
        status: 'active',
        role: 'member',
        permissions: ['keys:admin', 'keys:read', 'keys:write', 'org:read', 'telemetry:read'],
        managers: ['Grace Hopper'],
      },
    ],
  },
})
export class SessionView {
  @Nested(SignedInUser)
  user!: SignedInUser;

  @Instant()
  createdAt!: Date;

  @Instant('When it ends without a further request.')
  expiresAt!: Date;

  @ListOf(Nested(StandingView))
  organisations!: StandingView[];
}

/** A session of the person who asks. */
export class OwnSession {
  @IdOf('ses')
  id!: SessionId;

  @Flag('Whether it is the one that asks.')
  current!: boolean;

  @Instant()
  createdAt!: Date;

  @Instant('To the minute.')
  lastUsedAt!: Date;

  @Instant('When it ends without a further request.')
  expiresAt!: Date;

  @Nullable()
  @Characters('From which address it began; null when that is unknown.')
  ip!: string | null;

  @Nullable()
  @Characters('What the browser said it was; null when that is unknown.')
  userAgent!: string | null;
}

@Describes({
  id: 'OwnSessions',
  example: {
    items: [
      {
        id: sampleIds.session,
        current: true,
        createdAt: '2026-11-05T15:30:00.000Z',
        lastUsedAt: '2026-11-05T15:58:12.000Z',
        expiresAt: '2026-11-05T16:58:12.000Z',
        ip: '192.0.2.17',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      },
    ],
    total: 1,
  },
})
export class OwnSessionsView {
  @ListOf(Nested(OwnSession), { max: 100 }, 'The 100 that were used last.')
  items!: OwnSession[];

  @Count('How many there are.')
  total!: number;
}
