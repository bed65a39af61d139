import { Count, Describes } from '../common/fields.js';
import { committed } from '../common/views.js';
import { RevokeKey } from '../keys/key.dto.js';

@Describes({ id: 'RevokeMemberKeys', example: { reason: 'laptop stolen' } })
export class RevokeMemberKeys extends RevokeKey {}

/** How far the revocation of a member's keys is. */
@Describes({ id: 'MemberKeysRevocation', example: { remaining: 1150 } })
export class MemberKeysRevocation {
  @Count(
    'How many keys are still to be revoked: 0 when it is over, or none was asked for. 100,000 means that ' +
      'many or more.',
  )
  remaining!: number;
}

@Describes({ example: { revoked: 50, remaining: 1150 } })
class RevokedMemberKeys extends MemberKeysRevocation {
  @Count('How many keys this call revoked itself, expired ones included.')
  revoked!: number;
}
export const MemberKeysRevoked = committed(RevokedMemberKeys);
