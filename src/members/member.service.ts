import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../audit/audit-log.js';
import type { Caller } from '../auth/caller.js';
import { FactsStore } from '../changes/facts.store.js';
import { Mutations, type OrgChange } from '../changes/mutations.js';
import {
  lockMembership,
  lockOrg,
  lockUser,
  takeLocks,
  type RowLock,
} from '../changes/row-locks.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import { granted, Problem } from '../common/errors.js';
import { newUserId, type OrgId, type UserId } from '../common/ids.js';
import { isInstant, readCursor, toPage, type CountedPage } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { OwnedKeysStore, type KeyTotal } from '../keys/owned-keys.store.js';
import { OrgStore } from '../orgs/org.store.js';
import { decideRemoval, decideStanding, type WantedStanding } from '../permissions/giving.js';
import { isLastManager } from '../permissions/last-manager.js';
import { UserStore } from '../users/user.store.js';
import { mostKeys } from './batch-size.js';
import { EndedMembershipStore } from './ended-membership.store.js';
import { InvitationStore } from './invitation.store.js';
import { Invitations } from './invitations.js';
import {
  ListMembers,
  memberView,
  type AddMember,
  type AddServiceAccount,
  type MemberDetails,
  type MemberView,
  type PutMember,
  type RemovedMember,
} from './member.dto.js';
import { keyRevoked, recordedActor } from './member-rules.js';
import { MemberStore, type MemberRow } from './member.store.js';
import { RevocationJobs } from './revocation-jobs.js';

/** The rule of the last manager is about several rows, so its changes exclude each other. */
function memberLocks(orgId: OrgId, userId: UserId): RowLock[] {
  return [lockOrg(orgId, 'alter'), lockMembership(orgId, userId, 'alter')];
}

/** @throws Problem `exceeds_issuer`, `not_in_grants` */
function standingFor({ me, org }: OrgChange, wanted: WantedStanding, current?: MemberRow) {
  return granted(decideStanding(wanted, current, me, org));
}

@Injectable()
export class MemberService {
  constructor(
    private readonly store: MemberStore,
    private readonly ended: EndedMembershipStore,
    private readonly invitations: Invitations,
    private readonly invitationStore: InvitationStore,
    private readonly users: UserStore,
    private readonly orgs: OrgStore,
    private readonly facts: FactsStore,
    private readonly keys: OwnedKeysStore,
    private readonly mutations: Mutations,
    private readonly jobs: RevocationJobs,
  ) {}

  async list(orgId: OrgId, asked: ListMembers): Promise<CountedPage<MemberView>> {
    const { query, after } = readCursor(ListMembers, asked, isInstant);
    const rows = await this.store.list(orgId, query, after);
    const page = toPage(rows, query, memberView, ({ createdAt, userId }) => ({
      value: createdAt.toISOString(),
      id: userId,
    }));
    if (query.total === 'false') return page;
    return { ...page, total: await this.store.count(orgId, query) };
  }

  async get(orgId: OrgId, userId: UserId): Promise<MemberDetails> {
    const member = await this.store.get(orgId, userId);
    const [activeKeys, invitation] = await Promise.all([
      this.keys.countActive(orgId, userId),
      this.invitationStore.latest(orgId, userId),
    ]);
    return { ...memberView(member), activeKeys, invitation };
  }

  /** Adds a person. The response is the same whether or not the address was known before. */
  add(caller: RepeatableCaller, orgId: OrgId, input: AddMember): Promise<Committed<MemberView>> {
    return this.mutations.runIn(caller, orgId, [], async (change) => {
      const { email, name } = input;
      const standing = standingFor(change, input);
      const id = newUserId();
      const user = await this.users.findOrInsert(change.tx, { id, kind: 'person', email, name });
      if (user.id === id) await this.recordUserCreated(change, id, { email, name });
      // A deactivation either knows of this membership, or this waits for it.
      await takeLocks(change.tx, [lockUser(user.id, 'share')]);
      const member = { orgId, userId: user.id, ...standing, displayName: name };
      await this.store.insert(change.tx, member);
      return this.added(change, user.id, { email, name, ...standing });
    });
  }

  addServiceAccount(
    caller: RepeatableCaller,
    orgId: OrgId,
    input: AddServiceAccount,
  ): Promise<Committed<MemberView>> {
    return this.mutations.runIn(caller, orgId, [], async (change) => {
      const { name } = input;
      const standing = standingFor(change, input);
      const userId = newUserId();
      await this.users.insert(change.tx, { id: userId, kind: 'service', email: null, name });
      await this.store.insert(change.tx, { orgId, userId, ...standing, displayName: null });
      return this.added(change, userId, { kind: 'service', name, ...standing });
    });
  }

  /** Changes a member. Operators can also make a user a member. */
  put(
    caller: Caller,
    orgId: OrgId,
    userId: UserId,
    input: PutMember,
  ): Promise<Committed<MemberView>> {
    // A service account without an organisation must not get into two of them at once.
    const locks = [...memberLocks(orgId, userId), lockUser(userId, 'alter')];
    return this.mutations.runIn(caller, orgId, locks, async (change) => {
      const { tx, me, record } = change;
      const member = await this.store.find(orgId, userId, tx);
      if (member === null) {
        if (!me.principal.permissions.has('orgs:admin')) throw new Problem('not_found');
        return this.addUser(change, userId, standingFor(change, input));
      }
      const after = standingFor(change, input, member);
      if (after.role !== 'manager') await this.assertNotLastManager(change, member);
      const before = { role: member.role, grants: member.grants };
      if (JSON.stringify(before) !== JSON.stringify(after)) {
        await this.store.update(tx, orgId, userId, after);
        await record({ orgId, action: 'member.changed', targetId: userId, before, after });
      }
      return memberView({ ...member, ...after });
    });
  }

  /**
   * Removes a member and permanently revokes their keys in the organisation: no key works without the
   * membership of its owner. If there are many keys, their rows follow afterwards; see `RemovalSweep`.
   */
  async remove(caller: Caller, orgId: OrgId, userId: UserId): Promise<Committed<RemovedMember>> {
    const locks = memberLocks(orgId, userId);
    const removed = await this.mutations.runIn(caller, orgId, locks, async (change) => {
      const { tx, record } = change;
      const member = await this.store.get(orgId, userId, tx);
      granted(decideRemoval(member, change.me, change.org));
      await this.assertNotLastManager(change, member);
      const { revokedKeys, rows } = await this.endKeys(change, caller, userId);
      const before = { role: member.role, grants: member.grants };
      const after = { revokedKeys };
      await record({ orgId, action: 'member.removed', targetId: userId, before, after }, ...rows);
      await this.store.remove(tx, orgId, userId);
      return { ...memberView(member), revokedKeys };
    });
    if (removed.revokedKeys.total > mostKeys) void this.jobs.add(orgId, userId);
    return removed;
  }

  /**
   * Revokes the keys of a member who is being removed, or leaves them to the sweep.
   *
   * @returns the keys, and the audit rows for those that are revoked already
   */
  private async endKeys(
    { tx, org, me }: OrgChange,
    caller: Caller,
    userId: UserId,
  ): Promise<{ revokedKeys: KeyTotal; rows: AuditEntry[] }> {
    const reason = 'owner_removed';
    const by = recordedActor(caller, me);
    const found = await this.keys.unrevoked(tx, org.id, userId);
    if (found.total > mostKeys) {
      await this.ended.insert(tx, { orgId: org.id, userId, by, reason, keys: found.total });
      return { revokedKeys: found, rows: [] };
    }
    const { userId: byUserId, keyId: byKeyId } = by.recorded;
    // Not those that were found: somebody else can have revoked one of them since.
    const ids = await this.keys.revokeNext(tx, org.id, userId, mostKeys, {
      byUserId,
      byKeyId,
      reason,
    });
    const rows = ids.map((keyId) => keyRevoked(org.id, keyId, reason));
    return { revokedKeys: { total: ids.length, ids }, rows };
  }

  /** Users belong to the operators: the person who added one does not learn that the user is new. */
  private async recordUserCreated(
    { tx, record }: OrgChange,
    targetId: UserId,
    after: object,
  ): Promise<void> {
    const { id: orgId } = await this.orgs.getOperator(tx);
    await record({ orgId, action: 'user.created', targetId, after });
  }

  private async addUser(
    change: OrgChange,
    userId: UserId,
    after: Pick<MemberRow, 'role' | 'grants'>,
  ): Promise<MemberView> {
    const { tx, org } = change;
    const user = await this.users.get(userId, tx);
    if (user.kind === 'service' && (await this.store.isMemberElsewhere(tx, org.id, userId))) {
      throw new Problem('foreign_service_account');
    }
    await this.store.insert(tx, { orgId: org.id, userId, ...after, displayName: null });
    return this.added(change, userId, after);
  }

  private async added(
    { tx, org, record }: OrgChange,
    userId: UserId,
    after: object,
  ): Promise<MemberView> {
    await record({ orgId: org.id, action: 'member.added', targetId: userId, after });
    const member = await this.store.get(org.id, userId, tx);
    if (member.pending) await this.invitations.queue(tx, org.id, userId);
    return memberView(member);
  }

  /** @throws Problem `last_manager` when the organisation would have nobody left */
  private async assertNotLastManager({ tx, org }: OrgChange, { userId }: MemberRow): Promise<void> {
    const [managed] = await this.facts.managementsOf(tx, userId, org.id);
    if (managed === undefined || !isLastManager(managed)) return;
    const why = 'No other active person with an address manages it.';
    throw new Problem('last_manager', managed.isPerson ? why : undefined);
  }
}
