import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { FactsStore } from '../changes/facts.store.js';
import { Mutations, type OrgChange } from '../changes/mutations.js';
import { lockKey, lockMembership, lockUser } from '../changes/row-locks.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import { granted, Problem } from '../common/errors.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import type { Committed, Tx } from '../database/transactions.js';
import { InstallationStore } from '../installation/installation.store.js';
import { OrgStore } from '../orgs/org.store.js';
import { insufficientPermission } from '../permissions/authorise.js';
import { holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts } from '../permissions/facts.js';
import type { Permission } from '../permissions/permission.js';
import { keyIdOf } from '../permissions/principal.js';
import type { KeyRow } from './api-key.entity.js';
import { listOf } from './data-only.js';
import { decideIssue, issuerOf, type IssuedLimits } from './issue.js';
import { type ChangeKey, type CreateKey } from './key.dto.js';
import { keyView, type CreatedKeys, type KeyView } from './key.view.js';
import { decideRoom } from './key-bounds.js';
import { KeyIssuer } from './key-issuer.js';
import { KeyStore } from './key.store.js';
import { LiveKeyStore } from './live-key.store.js';
import { readerRestriction, restriction } from './key-restriction.js';
import { decideNarrow, type KeyChange } from './narrow.js';
import { isServiceKey, withServiceKeyPolicy } from './service-key.js';

type Labels = Pick<KeyRow, 'name' | 'description' | 'tags'>;

const labelsOf = ({ name, description = null, tags = [] }: CreateKey): Labels => ({
  name,
  description,
  tags,
});

/** Labels for the audit log, which does not mention those that a new key does not have. */
const given = ({ name, description, tags }: Labels): Partial<Labels> => ({
  name,
  ...(description !== null && { description }),
  ...(tags.length > 0 && { tags }),
});

@Injectable()
export class KeyService {
  constructor(
    private readonly store: KeyStore,
    private readonly live: LiveKeyStore,
    private readonly orgs: OrgStore,
    private readonly issuer: KeyIssuer,
    private readonly installation: InstallationStore,
    private readonly facts: FactsStore,
    private readonly mutations: Mutations,
  ) {}

  /** Creates a key. Its secret is in this response and never shown again. */
  create(
    caller: RepeatableCaller,
    orgId: OrgId,
    input: CreateKey,
  ): Promise<Committed<{ key: KeyView; secret: string }>> {
    const ownerId = input.ownerId ?? caller.principal.owner.id;
    const locks = [lockUser(ownerId, 'share'), lockMembership(orgId, ownerId, 'share')];
    return this.mutations.runIn(caller, orgId, locks, async (change) => {
      const { tx, me, org, now, record } = change;
      if (org.status === 'suspended') throw new Problem('org_suspended');
      const owner = await this.ownerOf(change, ownerId);
      const rules = isServiceKey(input, org)
        ? withServiceKeyPolicy(org, await this.installation.get(tx))
        : org;
      const decided = granted(decideIssue(input, issuerOf(me), owner, rules, now));
      const list = await this.listForOlderNodes(tx, decided, holdings(org, owner));
      const limits = { ...decided, ...list };
      await this.assertRoom(tx, orgId, ownerId);
      const labels = labelsOf(input);
      const { keyId, secret } = await this.issuer.issue(tx, {
        ...limits,
        orgId,
        ownerId,
        ...labels,
        createdByUserId: me.userId,
        createdByKeyId: keyIdOf(me.principal),
      });
      const after = { ...given(labels), ownerId, ...limits };
      await record({ orgId, action: 'key.created', targetId: keyId, after });
      const { key } = await this.store.get(orgId, keyId, undefined, tx);
      return { key: keyView(key, now), secret };
    });
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

  /** Renames, describes, tags or narrows an active key. */
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
      const owner = await this.facts.ofMember(tx, orgId, key.ownerId);
      const held = owner === null ? new Set<Permission>() : holdings(org, owner);
      const decided = granted(decideNarrow(key, input, now, held));
      const list =
        decided.management === false &&
        (await this.listForOlderNodes(tx, { ...key, ...decided }, held));
      const after = { ...decided, ...list };
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
   * Revokes a key permanently. Once this has returned, no node accepts it. Revoking it again changes
   * nothing, but the response waits until the first revocation is on disk.
   */
  revoke(
    caller: Caller,
    orgId: OrgId,
    keyId: KeyId,
    reason: string | undefined,
  ): Promise<Committed<KeyView & { createdKeys: CreatedKeys }>> {
    const locks = [lockKey(orgId, keyId, 'alter')];
    return this.mutations.runIn(caller, orgId, locks, async ({ tx, me, now, record }) => {
      const owner = restriction(me);
      await this.store.get(orgId, keyId, owner, tx);
      const by = {
        byUserId: me.userId,
        byKeyId: keyIdOf(me.principal),
        reason: reason ?? null,
      };
      if (await this.store.revoke(tx, orgId, keyId, by)) {
        const after = { state: 'revoked', reason: by.reason };
        await record({ orgId, action: 'key.revoked', targetId: keyId, after });
      }
      const { key } = await this.store.get(orgId, keyId, owner, tx);
      // An operator's key may have created keys everywhere; only callers who act there may see them.
      const within = me.principal.permissions.has('orgs:admin') ? 'all' : orgId;
      const createdKeys = await this.live.createdBy(tx, within, keyId, owner);
      return { ...keyView(key, now), createdKeys };
    });
  }

  /**
   * Checked after everything else: until the transaction ends, other creations of the organisation
   * wait.
   *
   * @throws Problem `too_many_keys`
   */
  private async assertRoom(tx: Tx, orgId: OrgId, ownerId: UserId): Promise<void> {
    const bounds = await this.orgs.get(orgId, tx);
    granted(decideRoom(await this.live.count(tx, orgId, ownerId, bounds), bounds));
  }

  /**
   * A list for a data-only key that has none, while there can be nodes that do not judge `management`:
   * so they allow it no more than it holds now.
   */
  private async listForOlderNodes(
    tx: Tx,
    key: IssuedLimits,
    ownerHolds: ReadonlySet<Permission>,
  ): Promise<Pick<KeyChange, 'permissions'>> {
    if (key.management || key.permissions !== null) return {};
    const { knowsDataOnlyKeys } = await this.installation.get(tx);
    return knowsDataOnlyKeys ? {} : { permissions: listOf(key, ownerHolds) };
  }

  /** The owner of a new key. */
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
