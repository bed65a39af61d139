import {
  Characters,
  Count,
  Describes,
  IdOf,
  Instant,
  ListOf,
  Nested,
  Nullable,
} from '../common/fields.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { sampleIds } from '../common/views.js';

/** An active key of a user, in one of their organisations. */
export class UserKey {
  @IdOf('key')
  id!: KeyId;

  @IdOf('org')
  orgId!: OrgId;

  @Characters()
  orgName!: string;

  @Characters()
  name!: string;

  @Characters('Enough of the secret to recognise it.')
  masked!: string;

  @Nullable()
  @Instant()
  lastUsedAt!: Date | null;

  @Nullable()
  @Characters('The address from which it was last used.')
  lastUsedIp!: string | null;
}

@Describes({
  id: 'UserKeys',
  example: {
    total: 1,
    items: [
      {
        id: sampleIds.key,
        orgId: sampleIds.org,
        orgName: 'Acme',
        name: 'telemetry collector',
        masked: 'kf_3vJ8…x0Qa',
        lastUsedAt: '2026-11-05T15:58:12.000Z',
        lastUsedIp: '192.0.2.7',
      },
    ],
  },
})
export class UserKeysView {
  @Count('How many there are. 100,000 means that many or more.')
  total!: number;

  @ListOf(Nested(UserKey), { max: 100 }, 'The first 100, by organisation and creation.')
  items!: UserKey[];
}
