import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations, type OrgChange } from '../changes/mutations.js';
import { lockMembership } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import type { OrgId, UserId } from '../common/ids.js';
import type { Committed } from '../database/transactions.js';
import { readerRestriction, restriction } from '../keys/key-restriction.js';
import { OwnedKeysStore } from '../keys/owned-keys.store.js';
import { mostKeys } from './batch-size.js';
import { KeyRevocationStore } from './key-revocation.store.js';
import { keyRevoked, recordedActor } from './member-rules.js';
import { MemberStore } from './member.store.js';
import { RevocationJobs } from './revocation-jobs.js';
import type { MemberKeysRevocation } from './revoke-member-keys.dto.js';

interface Revoked extends MemberKeysRevocation {
  revoked: number;
}

/** Whether the caller may not even know of keys of this member. */
const isHidden = (userId: UserId, only: UserId | undefined) =>
  only !== undefined && only !== userId;

/** Revokes all keys of somebody who stays a member. */
@Injectable()
export class RevokeMemberKeysService {
  constructor(
    private readonly store: KeyRevocationStore,
    private readonly members: MemberStore,
    private readonly keys: OwnedKeysStore,
    private readonly mutations: Mutations,
    private readonly jobs: RevocationJobs,
  ) {}

  /** Revokes so many keys as others can be made to wait for, and leaves the others to the sweep. */
  async revoke(
    caller: Caller,
    orgId: OrgId,
    userId: UserId,
    reason: string | null = null,
  ): Promise<Committed<Revoked>> {
    // Who creates a key for the member waits: the key is among these, or comes later.
    const locks = [lockMembership(orgId, userId, 'alter')];
    const result = await this.mutations.runIn(caller, orgId, locks, (change) =>
      this.revokeSome(change, caller, userId, reason),
    );
    if (result.remaining > 0) void this.jobs.add(orgId, userId);
    return result;
  }

  /** @throws Problem `not_found` */
  async get(caller: Caller, orgId: OrgId, userId: UserId): Promise<MemberKeysRevocation> {
    if (isHidden(userId, readerRestriction(caller, orgId))) throw new Problem('not_found');
    const remaining = await this.store.remaining(orgId, userId);
    if (remaining === undefined) throw new Problem('not_found');
    return { remaining };
  }

  private async revokeSome(
    { tx, org, me, record }: OrgChange,
    caller: Caller,
    userId: UserId,
    reason: string | null,
  ): Promise<Revoked> {
    if (isHidden(userId, restriction(me))) throw new Problem('not_found');
    await this.members.get(org.id, userId, tx);
    const by = recordedActor(caller, me);
    const createdUntil = await this.keys.newestOfMore(tx, org.id, userId, mostKeys);
    if (createdUntil !== null) {
      await this.store.put(tx, { orgId: org.id, userId, createdUntil, by, reason });
    }
    const { userId: byUserId, keyId: byKeyId } = by.recorded;
    const revocation = { byUserId, byKeyId, reason, last: byKeyId };
    const ids = await this.keys.revokeNext(tx, org.id, userId, mostKeys, revocation);
    await record(...ids.map((keyId) => keyRevoked(org.id, keyId, reason)));
    const remaining = (await this.store.remaining(org.id, userId, tx)) ?? 0;
    return { revoked: ids.length, remaining };
  }
}
