import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations, type OrgChange } from '../changes/mutations.js';
import { lockKey } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import type { KeyId, OrgId } from '../common/ids.js';
import type { Committed } from '../database/transactions.js';
import { keyIdOf } from '../permissions/principal.js';
import { restriction } from './key-restriction.js';
import { KeyStore } from './key.store.js';
import { LiveKeyStore } from './live-key.store.js';
import type { Revoked, RevokedKeys, RevokeKeys } from './revoke-keys.dto.js';

/** Rows that one transaction changes: as many as all others can be made to wait for. */
const mostRows = 50;

/** Milliseconds in which others get the head's lock, which a slice holds for some ten. */
const pauseMs = 20;

/** The result of a slice. The last one knows what the keys had created. */
interface Slice {
  found: Map<KeyId, Revoked>;
  createdKeys: number;
}

/** Revokes many keys in one call. */
@Injectable()
export class RevokeKeysService {
  constructor(
    private readonly store: KeyStore,
    private readonly live: LiveKeyStore,
    private readonly mutations: Mutations,
  ) {}

  /**
   * Revokes keys, in transactions that others do not have to wait for. Each of them judges the caller
   * again. The caller's own key comes last, since nothing can be done with it afterwards.
   *
   * @throws Problem of the first slice that fails: those before it are committed
   */
  async revoke(caller: Caller, orgId: OrgId, input: RevokeKeys): Promise<Committed<RevokedKeys>> {
    const { keyIds, reason = null } = input;
    const own = keyIdOf(caller.principal);
    const ids = keyIds.toSorted((a, b) => Number(a === own) - Number(b === own));
    const found = new Map<KeyId, Revoked>();
    for (let done = 0; ;) {
      const slice = ids.slice(done, done + mostRows);
      const isLast = done + slice.length >= ids.length;
      const locks = slice.map((id) => lockKey(orgId, id, 'alter'));
      const work = (change: OrgChange) =>
        this.revokeSlice(change, slice, reason, isLast ? keyIds : []);
      const result = await this.mutations
        .runIn(caller, orgId, locks, work)
        .catch((error: unknown) => {
          throw done === 0 ? error : broken(error, done, ids.length);
        });
      for (const [id, each] of result.found) found.set(id, each);
      done += slice.length;
      if (isLast) {
        const results = keyIds.map((keyId) => ({ keyId, result: found.get(keyId) ?? 'not_found' }));
        const { createdKeys, authSeq } = result;
        return { results, createdKeys, authSeq };
      }
      await delay(pauseMs);
    }
  }

  private async revokeSlice(
    { tx, org, me, record }: OrgChange,
    slice: readonly KeyId[],
    reason: string | null,
    creators: readonly KeyId[],
  ): Promise<Slice> {
    const owner = restriction(me);
    const by = { byUserId: me.userId, byKeyId: keyIdOf(me.principal), reason };
    const found = await this.store.revokeThese(tx, org.id, slice, owner, by);
    const after = { state: 'revoked', reason };
    const revoked = [...found].filter(([, result]) => result === 'revoked');
    await record(
      ...revoked.map(([targetId]) => ({
        orgId: org.id,
        action: 'key.revoked' as const,
        targetId,
        after,
      })),
    );
    // An operator's key may have created keys everywhere; only callers who act there may see them.
    const within = me.principal.permissions.has('orgs:admin') ? 'all' : org.id;
    const known = await this.store.visible(tx, org.id, creators, owner);
    return { found, createdKeys: await this.live.countCreatedBy(tx, within, known, owner) };
  }
}

/** The same refusal, which says what was done before it. */
function broken(error: unknown, done: number, all: number): unknown {
  if (!(error instanceof Problem)) return error;
  const detail = `The first ${done} of ${all} keys are done. Send the call again: it does the rest.`;
  return new Problem(error.code, detail, error.members, { cause: error });
}
