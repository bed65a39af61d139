import { Injectable } from '@nestjs/common';
import { keyIdOf, type Caller } from '../auth/principal.js';
import { granted, Problem } from '../common/errors.js';
import { newUserId, type KeyId, type OrgId, type UserId } from '../common/ids.js';
import { decodeCursor, isInstant, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { KeyStore } from '../keys/key.store.js';
import { Mutations, type OrgChange } from '../permissions/mutations.js';
import { lockMembership, lockOrg, lockUser, type RowLock } from '../permissions/row-locks.js';
import { UserStore } from '../users/user.store.js';
import {
  memberView,
  type AddMember,
  type AddServiceAccount,
  type ListMembers,
  type MemberView,
  type PutMember,
} from './member.dto.js';
import { decideGrants } from './member-rules.js';
import { MemberStore, type MemberRow } from './member.store.js';

/** The rule of the last manager spans several rows, so its changes exclude each other. */
function memberLocks(orgId: OrgId, userId: UserId): RowLock[] {
  return [lockOrg(orgId, 'alter'), lockMembership(orgId, userId, 'alter')];
}

@Injectable()
export class MemberService {
  constructor(
    private readonly store: MemberStore,
    private readonly users: UserStore,
    private readonly keys: KeyStore,
    private readonly mutations: Mutations,
  ) {}

  async list(orgId: OrgId, query: ListMembers): Promise<Page<MemberView>> {
    const rows = await this.store.list(orgId, query.limit, decodeCursor(query.cursor, isInstant));
    return toPage(rows, query.limit, memberView, ({ createdAt, userId }) => ({
      value: createdAt.toISOString(),
      id: userId,
    }));
  }

  async get(orgId: OrgId, userId: UserId): Promise<MemberView> {
    return memberView(await this.store.get(orgId, userId));
  }

  /** Adds a person. The answer is the same whether or not the address was known before. */
  add(caller: Caller, orgId: OrgId, input: AddMember): Promise<Committed<MemberView>> {
    return this.mutations.runIn(caller, orgId, [], async (change) => {
      const { email, name, role } = input;
      const grants = this.grantsFor(change, input.grants, undefined);
      const user = await this.users.findOrInsert(change.tx, {
        id: newUserId(),
        kind: 'person',
        email,
        name,
      });
      const member = { orgId, userId: user.id, role, grants, displayName: name };
      await this.store.insert(change.tx, member);
      return this.added(change, user.id, { email, name, role, grants });
    });
  }

  addServiceAccount(
    caller: Caller,
    orgId: OrgId,
    input: AddServiceAccount,
  ): Promise<Committed<MemberView>> {
    return this.mutations.runIn(caller, orgId, [], async (change) => {
      const { name, role } = input;
      const grants = this.grantsFor(change, input.grants, undefined);
      const userId = newUserId();
      await this.users.insert(change.tx, { id: userId, kind: 'service', email: null, name });
      await this.store.insert(change.tx, { orgId, userId, role, grants, displayName: null });
      return this.added(change, userId, { kind: 'service', name, role, grants });
    });
  }

  /** Changes a member. For operators it also makes a member of a user. */
  put(
    caller: Caller,
    orgId: OrgId,
    userId: UserId,
    input: PutMember,
  ): Promise<Committed<MemberView>> {
    // A service account that belongs nowhere must not come to two organisations at once.
    const locks = [...memberLocks(orgId, userId), lockUser(userId, 'alter')];
    return this.mutations.runIn(caller, orgId, locks, async (change) => {
      const { tx, me, record } = change;
      const member = await this.store.find(orgId, userId, tx);
      const grants = this.grantsFor(change, input.grants, member?.grants);
      const after = { role: input.role, grants };
      if (member === null) {
        if (!me.principal.permissions.has('orgs:admin')) throw new Problem('not_found');
        return this.addUser(change, userId, after);
      }
      if (after.role !== 'manager') await this.keepOneManager(change, member);
      const before = { role: member.role, grants: member.grants };
      if (JSON.stringify(before) !== JSON.stringify(after)) {
        await this.store.update(tx, orgId, userId, after);
        await record({ orgId, action: 'member.changed', targetId: userId, before, after });
      }
      return memberView({ ...member, ...after });
    });
  }

  /** Removes a member and revokes their keys in the organisation, for ever. */
  remove(
    caller: Caller,
    orgId: OrgId,
    userId: UserId,
  ): Promise<Committed<MemberView & { revokedKeys: KeyId[] }>> {
    return this.mutations.runIn(caller, orgId, memberLocks(orgId, userId), async (change) => {
      const { tx, me, record } = change;
      const member = await this.store.get(orgId, userId, tx);
      await this.keepOneManager(change, member);
      const reason = 'owner_removed';
      const by = { byUserId: me.userId, byKeyId: keyIdOf(me.principal), reason };
      const revokedKeys = await this.keys.revoke(tx, orgId, { ownerId: userId }, by);
      await this.store.remove(tx, orgId, userId);
      const before = { role: member.role, grants: member.grants };
      await record(
        { orgId, action: 'member.removed', targetId: userId, before },
        ...revokedKeys.map((targetId) => ({
          orgId,
          action: 'key.revoked' as const,
          targetId,
          after: { state: 'revoked', reason },
        })),
      );
      return { ...memberView(member), revokedKeys };
    });
  }

  private grantsFor(
    { me, org }: OrgChange,
    wanted: AddMember['grants'],
    current: MemberRow['grants'] | undefined,
  ): MemberRow['grants'] {
    return granted(decideGrants(wanted, current, me.grants, org.grants));
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
    return memberView(await this.store.get(org.id, userId, tx));
  }

  /** @throws Problem `last_manager` when the organisation would be left to nobody */
  private async keepOneManager({ tx, org }: OrgChange, { role, userId }: MemberRow): Promise<void> {
    if (role !== 'manager') return;
    const user = await this.users.get(userId, tx);
    if (user.status !== 'active') return;
    if ((await this.store.otherActiveManagers(tx, org.id, userId)) === 0) {
      throw new Problem('last_manager');
    }
  }
}
