import { Injectable } from '@nestjs/common';
import { insufficientPermission, isForeign } from '../auth/authorise.js';
import { keyIdOf, type Caller } from '../auth/principal.js';
import { granted, Problem } from '../common/errors.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { decodeCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import type { MemberFacts } from '../permissions/facts.js';
import { FactsStore } from '../permissions/facts.store.js';
import { Mutations, type OrgChange, type Standing } from '../permissions/mutations.js';
import { lockKey, lockMembership, lockUser } from '../permissions/row-locks.js';
import type { KeyRow } from './api-key.entity.js';
import { decideIssue } from './issue.js';
import {
  createdKey,
  keyView,
  type ChangeKey,
  type CreatedKey,
  type CreateKey,
  type KeyView,
  type ListKeys,
} from './key.dto.js';
import { KeyIssuer } from './key-issuer.js';
import { KeyStore, sorts } from './key.store.js';
import { decideNarrow, type KeyChange } from './narrow.js';

/** The member whose keys are all that the caller may see; undefined for managers. */
function restriction(me: Pick<Standing, 'role' | 'userId'>): UserId | undefined {
  return me.role === 'manager' ? undefined : me.userId;
}

function readerRestriction({ principal }: Caller, orgId: OrgId): UserId | undefined {
  if (isForeign(principal, orgId)) return undefined;
  return restriction({ role: principal.role, userId: principal.owner.id });
}

@Injectable()
export class KeyService {
  constructor(
    private readonly store: KeyStore,
    private readonly issuer: KeyIssuer,
    private readonly facts: FactsStore,
    private readonly mutations: Mutations,
  ) {}

  /** Creates a key. Its secret is in this answer and nowhere else, ever. */
  create(
    caller: Caller,
    orgId: OrgId,
    input: CreateKey,
  ): Promise<Committed<{ key: KeyView; secret: string }>> {
    const ownerId = input.ownerId ?? caller.principal.owner.id;
    const locks = [lockUser(ownerId, 'share'), lockMembership(orgId, ownerId, 'share')];
    return this.mutations.runIn(caller, orgId, locks, async (change) => {
      const { tx, me, org, now, record } = change;
      if (org.status === 'suspended') throw new Problem('org_suspended');
      const owner = await this.ownerOf(change, ownerId);
      const issuer = { userId: me.userId, permissions: me.permissions, key: me.principal.key };
      const limits = granted(decideIssue(input, issuer, owner, org, now));
      const { keyId, secret } = await this.issuer.issue(tx, {
        ...limits,
        orgId,
        ownerId,
        name: input.name,
        createdByUserId: me.userId,
        createdByKeyId: keyIdOf(me.principal),
      });
      const after = { name: input.name, ownerId, ...limits };
      await record({ orgId, action: 'key.created', targetId: keyId, after });
      const { key } = await this.store.get(orgId, keyId, undefined, tx);
      return { key: keyView(key, now), secret };
    });
  }

  async list(caller: Caller, orgId: OrgId, query: ListKeys): Promise<Page<KeyView>> {
    const { isValue, valueOf } = sorts[query.sort];
    const after = decodeCursor(query.cursor, isValue);
    const owner = readerRestriction(caller, orgId);
    const { rows, now } = await this.store.list(orgId, owner, query, after);
    return toPage(
      rows,
      query.limit,
      (key) => keyView(key, now),
      (key) => ({ value: valueOf(key), id: key.id }),
    );
  }

  async get(caller: Caller, orgId: OrgId, keyId: KeyId): Promise<KeyView> {
    const { key, now } = await this.find(caller, orgId, keyId);
    return keyView(key, now);
  }

  /**
   * A key that the caller may see, and the time on the database's clock.
   *
   * @throws Problem `not_found`
   */
  find(caller: Caller, orgId: OrgId, keyId: KeyId): Promise<{ key: KeyRow; now: Date }> {
    return this.store.get(orgId, keyId, readerRestriction(caller, orgId));
  }

  /** Renames or narrows an active key. */
  change(
    caller: Caller,
    orgId: OrgId,
    keyId: KeyId,
    input: ChangeKey,
  ): Promise<Committed<KeyView>> {
    const locks = [lockKey(orgId, keyId, 'alter')];
    return this.mutations.runIn(caller, orgId, locks, async ({ tx, me, org, now, record }) => {
      if (me.role === 'member' && org.memberKeys === 'none') {
        throw insufficientPermission('keys:admin');
      }
      const { key } = await this.store.get(orgId, keyId, restriction(me), tx);
      const after = granted(decideNarrow(key, input, now));
      const before = Object.fromEntries(
        Object.keys(after).map((field) => [field, key[field as keyof KeyChange]]),
      );
      if (JSON.stringify(before) !== JSON.stringify(after)) {
        await this.store.update(tx, orgId, keyId, after);
        await record({ orgId, action: 'key.changed', targetId: keyId, before, after });
      }
      return keyView({ ...key, ...after }, now);
    });
  }

  /**
   * Revokes a key for ever. Once this has returned, no node accepts it. Revoking it again changes
   * nothing, but the answer waits until the first revocation is on disk as well.
   */
  revoke(
    caller: Caller,
    orgId: OrgId,
    keyId: KeyId,
    reason: string | undefined,
  ): Promise<Committed<KeyView & { createdKeys: CreatedKey[] }>> {
    const locks = [lockKey(orgId, keyId, 'alter')];
    return this.mutations.runIn(caller, orgId, locks, async ({ tx, me, now, record }) => {
      const owner = restriction(me);
      await this.store.get(orgId, keyId, owner, tx);
      const by = {
        byUserId: me.userId,
        byKeyId: keyIdOf(me.principal),
        reason: reason ?? null,
      };
      const revoked = await this.store.revoke(tx, orgId, { keyId }, by);
      if (revoked.length > 0) {
        const after = { state: 'revoked', reason: by.reason };
        await record({ orgId, action: 'key.revoked', targetId: keyId, after });
      }
      const { key } = await this.store.get(orgId, keyId, owner, tx);
      // An operator's key may have created keys everywhere; only who acts there may see them.
      const within = me.principal.permissions.has('orgs:admin') ? 'all' : orgId;
      const created = await this.store.createdBy(tx, within, keyId, owner);
      return { ...keyView(key, now), createdKeys: created.map(createdKey) };
    });
  }

  /** The member that a new key will belong to. */
  private async ownerOf({ tx, me, org }: OrgChange, ownerId: UserId): Promise<MemberFacts> {
    if (restriction(me) !== undefined && ownerId !== me.userId) {
      throw new Problem('insufficient_permission', 'Only managers create keys for others.', {
        permission: 'keys:admin',
      });
    }
    const owner = await this.facts.ofMember(tx, org.id, ownerId);
    if (owner === null) {
      throw new Problem('invalid_request', 'ownerId must be a member of the organisation.');
    }
    if (owner.status !== 'active') throw new Problem('owner_inactive');
    return owner;
  }
}
