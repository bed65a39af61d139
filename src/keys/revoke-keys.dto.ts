import { Count, Describes, IdOf, ListOf, Nested, OneOf, UniqueList } from '../common/fields.js';
import type { KeyId } from '../common/ids.js';
import { committed, sampleIds } from '../common/views.js';
import { RevokeKey } from './key.dto.js';

/** Keys to revoke in one call. */
@Describes({
  id: 'RevokeKeys',
  example: { keyIds: [sampleIds.key], reason: 'supplier changed' },
})
export class RevokeKeys extends RevokeKey {
  @UniqueList(IdOf('key'), 500, 'Keys of the organisation, active or not.')
  keyIds!: KeyId[];
}

const revocations = ['revoked', 'already_revoked', 'not_found'] as const;
export type Revoked = (typeof revocations)[number];

class KeyRevocation {
  @IdOf('key')
  keyId!: KeyId;

  @OneOf(revocations, '`not_found`: there is no such key that the caller may see.')
  result!: Revoked;
}

@Describes({
  example: { results: [{ keyId: sampleIds.key, result: 'revoked' }], createdKeys: 0 },
})
export class RevokedKeys {
  @ListOf(Nested(KeyRevocation), {}, 'One for each id, in the order of the request.')
  results!: KeyRevocation[];

  @Count(
    'How many live keys these keys had created, which may have to be revoked, too: the list has those ' +
      'of a key, by `createdBy`. 100,000 means that many or more.',
  )
  createdKeys!: number;
}
export const KeysRevoked = committed(RevokedKeys);
