import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { OrgId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import { rethrowViolation } from '../database/errors.js';
import type { Tx } from '../database/transactions.js';
import { Organisation } from './organisation.entity.js';

type NewOrg = Pick<Organisation, 'id' | 'name' | 'slug' | 'kind' | 'grants'>;

/** All SQL on organisations. */
@Injectable()
export class OrgStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws Problem `not_found` */
  async get(orgId: OrgId, manager: EntityManager = this.dataSource.manager): Promise<Organisation> {
    const org = await manager.findOneBy(Organisation, { id: orgId });
    if (org === null) throw new Problem('not_found');
    return org;
  }

  /** The operator organisation, or null before the first start has created it. */
  findOperator(manager: EntityManager = this.dataSource.manager): Promise<Organisation | null> {
    return manager.findOneBy(Organisation, { kind: 'operator' });
  }

  /** The operator organisation. @throws Error before the first start has created it */
  async getOperator(manager: EntityManager): Promise<Organisation> {
    const org = await this.findOperator(manager);
    if (org === null) throw new Error('There is no operator organisation yet.');
    return org;
  }

  /** Organisations that were granted something on one of these resources. */
  withGrantsOn(resources: readonly string[]): Promise<Pick<Organisation, 'id' | 'name'>[]> {
    return this.dataSource.query<Pick<Organisation, 'id' | 'name'>[]>(
      `SELECT id, name FROM organisations
       WHERE EXISTS (SELECT FROM unnest(grants) AS one WHERE split_part(one, ':', 1) = ANY($1))
       ORDER BY id`,
      [resources],
    );
  }

  /** Organisations in the order of their creation, one more than the page holds. */
  list(limit: number, after: Position | undefined): Promise<Organisation[]> {
    const orgs = this.dataSource
      .createQueryBuilder(Organisation, 'org')
      .orderBy('org.id')
      .limit(limit + 1);
    if (after) orgs.where('org.id > :id', { id: after.id });
    return orgs.getMany();
  }

  /** @throws Problem `slug_taken` */
  async insert(tx: Tx, org: NewOrg): Promise<void> {
    await tx
      .insert(Organisation, org)
      .catch((error: unknown) => rethrowViolation(error, { organisations_slug_key: 'slug_taken' }));
  }

  async update(tx: Tx, orgId: OrgId, change: Partial<Organisation>): Promise<void> {
    await tx.update(Organisation, { id: orgId }, change);
  }
}
