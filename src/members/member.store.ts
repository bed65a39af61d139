import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { OrgId, UserId } from '../common/ids.js';
import { containing } from '../common/fold.js';
import { mostCounted, type Position } from '../common/page.js';
import { rethrowViolation, violatedConstraint } from '../database/errors.js';
import type { Tx } from '../database/transactions.js';
import type { User } from '../users/user.entity.js';
import { Membership } from './membership.entity.js';

/** A membership, with the fields of its user that others see. */
export type MemberRow = Omit<Membership, 'openedAt'> &
  Pick<User, 'kind' | 'email' | 'name'> & {
    /** A person who has not opened the organisation in the console yet. */
    pending: boolean;
  };

interface MemberFilters {
  search?: string;
  role?: Membership['role'];
  kind?: User['kind'];
}

/** Seconds after which a removed person may become a member again; revoking their keys can take longer. */
const retryAfter = 10;

type RawRow = Pick<MemberRow, 'kind' | 'email' | 'name' | 'pending'>;

/** All SQL on memberships. */
@Injectable()
export class MemberStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Members in the order in which they were added, one more than the page holds. */
  list(
    orgId: OrgId,
    { limit, ...filters }: MemberFilters & { limit: number },
    after: Position | undefined,
  ): Promise<MemberRow[]> {
    const members = this.filter(orgId, filters)
      .orderBy('member.createdAt')
      .addOrderBy('member.userId')
      .limit(limit + 1);
    if (after) members.andWhere('(member.createdAt, member.userId) > (:value, :id)', { ...after });
    return read(members);
  }

  /** How many members match; 100,000 means that many or more. */
  async count(orgId: OrgId, filters: MemberFilters): Promise<number> {
    const members = this.filter(orgId, filters).select('member.userId').limit(mostCounted);
    const [sql, parameters] = members.getQueryAndParameters();
    const [row] = await this.dataSource.query<[{ total: number }]>(
      `SELECT count(*)::int AS total FROM (${sql}) found`,
      parameters,
    );
    return row.total;
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

  async isMemberElsewhere(tx: Tx, orgId: OrgId, userId: UserId): Promise<boolean> {
    return tx
      .createQueryBuilder(Membership, 'member')
      .where('member.userId = :userId AND member.orgId <> :orgId', { userId, orgId })
      .getExists();
  }

  /** @throws Problem `already_member`, `removal_under_way` */
  async insert(tx: Tx, member: Omit<Membership, 'createdAt' | 'openedAt'>): Promise<void> {
    try {
      await tx.insert(Membership, member);
    } catch (error) {
      if (violatedConstraint(error) === 'memberships_removal_under_way') {
        throw new Problem('removal_under_way', undefined, { retryAfter });
      }
      rethrowViolation(error, { memberships_pkey: 'already_member' });
    }
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

  private filter(orgId: OrgId, { search, role, kind }: MemberFilters) {
    const members = this.select(orgId);
    if (role) members.andWhere('member.role = :role', { role });
    if (kind) members.andWhere('u.kind = :kind', { kind });
    if (search !== undefined) {
      // The user's own name is not searched where another one is shown: the result would reveal it.
      const pattern = 'search_fold(:search)';
      members.andWhere(
        `(search_fold(coalesce(member.displayName, u.name)) LIKE ${pattern} OR u.email LIKE ${pattern})`,
        { search: containing(search) },
      );
    }
    return members;
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
      .addSelect("u.kind = 'person' AND member.openedAt IS NULL", 'pending')
      .where('member.orgId = :orgId', { orgId });
  }
}

async function read(members: SelectQueryBuilder<Membership>): Promise<MemberRow[]> {
  const { entities, raw } = await members.getRawAndEntities<RawRow>();
  return entities.map((member, index) => {
    const { kind = 'person', email = null, name = '', pending = false } = raw[index] ?? {};
    return { ...member, kind, email, name, pending };
  });
}
