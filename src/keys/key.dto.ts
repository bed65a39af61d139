import { HasPermission } from '../permissions/permission-fields.js';
import { scopes, type Permission, type Scope } from '../permissions/permission.js';
import {
  Cidrs,
  Describes,
  Expiry,
  Flag,
  IdOf,
  ListOf,
  Name,
  NotBoth,
  NotEmpty,
  Nullable,
  OneOf,
  Optional,
  Paragraph,
  Tag,
  Text,
  TextThat,
  UniqueList,
  Whole,
} from '../common/fields.js';
import type { UserId } from '../common/ids.js';
import { isWellFormed } from '../common/secret.js';

const aboutDescription = 'What it is for, whom to ask, where it is deployed. Null for none.';
const KeyDescription = () => Paragraph(500, aboutDescription);

const aboutTags =
  'Words to find the key by. The case of letters makes no difference: they are stored in lower case.';
const Tags = () => ListOf(Tag(), { max: 10, isUnique: true }, aboutTags);

const Permissions = (about?: string) => UniqueList(HasPermission(), 200, about);

/** A new key. */
@NotBoth('expiresInDays', 'expiresAt')
@Describes({
  id: 'CreateKey',
  example: { name: 'telemetry collector', scope: 'read', expiresInDays: 90 },
})
export class CreateKey {
  @Name(100, 'The system or workflow that uses the key. It need not be unique.')
  name!: string;

  @Optional()
  @Nullable()
  @KeyDescription()
  description?: string | null;

  @Optional()
  @Tags()
  tags?: string[];

  @OneOf(scopes, '`read` monitors and queries, `read-write` also records, `admin` also configures.')
  scope!: Scope;

  @Optional()
  @Whole(
    1,
    3_650,
    'Lifetime in days of 24 hours. When no expiry is given: the default of the policy, or the ' +
      'expiry of the key that creates it if that is earlier. Not together with `expiresAt`.',
  )
  expiresInDays?: number;

  @Optional()
  @Nullable()
  @Expiry(
    'When the key stops working: an instant, or a day until its end in UTC; null for never, ' +
      'if the policy allows that.',
  )
  expiresAt?: Date | null;

  @Optional()
  @Permissions('The only permissions that the key can hold.')
  permissions?: Permission[];

  @Optional()
  @Flag(
    'False for a data-only key: it holds no permission on Keyfence itself, such as `keys:read`, whatever ' +
      'its owner may do. True when left out.',
  )
  management?: boolean;

  @Optional()
  @Cidrs(100, 'The only addresses (CIDR) that it works from.')
  allowedIps?: string[];

  @Optional()
  @IdOf('usr', 'The owner of the key; by default the caller.')
  ownerId?: UserId;
}

/** Another name, description or tags, or narrower limits. Nothing can be widened. */
@NotEmpty()
@Describes({ id: 'ChangeKey', example: { allowedIps: ['192.0.2.0/24'] } })
export class ChangeKey {
  @Optional()
  @Name(100)
  name?: string;

  @Optional()
  @Nullable()
  @KeyDescription()
  description?: string | null;

  @Optional()
  @Tags()
  tags?: string[];

  @Optional()
  @OneOf(scopes)
  scope?: Scope;

  @Optional()
  @Permissions()
  permissions?: Permission[];

  @Optional()
  @Flag('False makes it a data-only key, permanently.')
  management?: boolean;

  @Optional()
  @Cidrs(100)
  allowedIps?: string[];

  @Optional()
  @Expiry('An earlier instant or day, in the future.')
  expiresAt?: Date;
}

export class RevokeKey {
  @Optional()
  @Text(200, 'The reason, for the audit log.')
  reason?: string;
}

@Describes({ id: 'RevokeKey', example: { reason: 'laptop lost' } })
export class RevokeKeyBody extends RevokeKey {}

@Describes({ id: 'ReportKey', example: { key: 'kf_3vJ8…' } })
export class RevokeBySecret {
  // A secret without the right checksum is a mistake, which the response reports.
  @TextThat(isWellFormed, 'must be a whole API key', 'The secret that leaked, whole.')
  key!: string;
}
