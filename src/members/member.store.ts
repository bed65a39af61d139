import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { OrgId, UserId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import { rethrowViolation } from '../database/errors.js';
import type { Tx } from '../database/transactions.js';
import type { User } from '../users/user.entity.js';
import { Membership } from './membership.entity.js';

/** A membership, with what others see of its user. */
export type MemberRow = Membership & Pick<User, 'kind' | 'email' | 'name'>;

type RawRow = Pick<User, 'kind' | 'email' | 'name'>;

/** All SQL on memberships. */
@Injectable()
export class MemberStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Members in the order in which they were added, one more than the page holds. */
  list(orgId: OrgId, limit: number, after: Position | undefined): Promise<MemberRow[]> {
    const members = this.select(orgId)
      .orderBy('member.createdAt')
      .addOrderBy('member.userId')
      .limit(limit + 1);
    if (after) members.andWhere('(member.createdAt, member.userId) > (:value, :id)', { ...after });
    return read(members);
  }

  /** @returns null when the user is not a member */
  async find(orgId: OrgId, userId: UserId, manager?: EntityManager): Promise<MemberRow | null> {
    const [member] = await read(
      this.select(orgId, manager).andWhere('member.userId = :userId', { userId }),
    );
    return member ?? null;
  }

  /** @throws Problem `not_found` */
  async get(orgId: OrgId, userId: UserId, manager?: EntityManager): Promise<MemberRow> {
    const member = await this.find(orgId, userId, manager);
    if (member === null) throw new Problem('not_found');
    return member;
  }

  /** Names of at most five active managers: whom to ask. */
  async managerNames(orgId: OrgId): Promise<string[]> {
    const managers = await read(
      this.select(orgId)
        .andWhere(`member.role = 'manager' AND u.status = 'active'`)
        .orderBy('member.createdAt')
        .limit(5),
    );
    return managers.map(({ name }) => name);
  }

  /** How many active users besides this one manage the organisation. */
  otherActiveManagers(tx: Tx, orgId: OrgId, userId: UserId): Promise<number> {
    return this.select(orgId, tx)
      .andWhere(`member.role = 'manager' AND u.status = 'active'`)
      .andWhere('member.userId <> :userId', { userId })
      .getCount();
  }

  async isMemberElsewhere(tx: Tx, orgId: OrgId, userId: UserId): Promise<boolean> {
    return tx
      .createQueryBuilder(Membership, 'member')
      .where('member.userId = :userId AND member.orgId <> :orgId', { userId, orgId })
      .getExists();
  }

  /** @throws Problem `already_member` */
  async insert(tx: Tx, member: Omit<Membership, 'createdAt'>): Promise<void> {
    await tx
      .insert(Membership, member)
      .catch((error: unknown) => rethrowViolation(error, { memberships_pkey: 'already_member' }));
  }

  async update(
    tx: Tx,
    orgId: OrgId,
    userId: UserId,
    change: Pick<Membership, 'role' | 'grants'>,
  ): Promise<void> {
    await tx.update(Membership, { orgId, userId }, change);
  }

  async remove(tx: Tx, orgId: OrgId, userId: UserId): Promise<void> {
    await tx.delete(Membership, { orgId, userId });
  }

  private select(
    orgId: OrgId,
    manager: EntityManager = this.dataSource.manager,
  ): SelectQueryBuilder<Membership> {
    return manager
      .createQueryBuilder(Membership, 'member')
      .innerJoin('users', 'u', 'u.id = member.userId')
      .addSelect('u.kind', 'kind')
      .addSelect('u.email', 'email')
      .addSelect('coalesce(member.displayName, u.name)', 'name')
      .where('member.orgId = :orgId', { orgId });
  }
}

async function read(members: SelectQueryBuilder<Membership>): Promise<MemberRow[]> {
  const { entities, raw } = await members.getRawAndEntities<RawRow>();
  return entities.map((member, index) => {
    const { kind = 'person', email = null, name = '' } = raw[index] ?? {};
    return { ...member, kind, email, name };
  });
}
