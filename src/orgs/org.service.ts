import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import type { AuditAction } from '../audit/actions.js';
import { Problem } from '../common/errors.js';
import { newId, type OrgId } from '../common/ids.js';
import { decodeCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { Mutations, type OrgChange } from '../permissions/mutations.js';
import { lockOrg } from '../permissions/row-locks.js';
import {
  orgView,
  policyView,
  type ChangePolicy,
  type CreateOrg,
  type ListOrgs,
  type OrgView,
  type PolicyView,
} from './org.dto.js';
import { OrgStore } from './org.store.js';
import type { Organisation } from './organisation.entity.js';

@Injectable()
export class OrgService {
  constructor(
    private readonly store: OrgStore,
    private readonly mutations: Mutations,
  ) {}

  create(caller: Caller, input: CreateOrg): Promise<Committed<OrgView>> {
    return this.mutations.run(caller, [], async ({ tx, record }) => {
      const id = newId('org');
      await this.store.insert(tx, { ...input, id, kind: 'customer' });
      await record({ orgId: id, action: 'org.created', targetId: id, after: input });
      return orgView(await this.store.get(id, tx));
    });
  }

  async list(query: ListOrgs): Promise<Page<OrgView>> {
    const rows = await this.store.list(
      query.limit,
      decodeCursor(query.cursor, () => true),
    );
    return toPage(rows, query.limit, orgView, ({ id }) => ({ value: '', id }));
  }

  async get(orgId: OrgId): Promise<OrgView> {
    return orgView(await this.store.get(orgId));
  }

  async policy(orgId: OrgId): Promise<PolicyView> {
    return policyView(await this.store.get(orgId));
  }

  rename(caller: Caller, orgId: OrgId, name: string): Promise<Committed<OrgView>> {
    return this.change(caller, orgId, 'org.renamed', () => ({ name }), orgView);
  }

  setGrants(
    caller: Caller,
    orgId: OrgId,
    grants: Organisation['grants'],
  ): Promise<Committed<OrgView>> {
    return this.change(caller, orgId, 'org.grants_changed', () => ({ grants }), orgView);
  }

  /** Suspends the organisation: none of its keys is good until it is resumed. */
  suspend(caller: Caller, orgId: OrgId): Promise<Committed<OrgView>> {
    const decide = (org: Organisation) => {
      if (org.kind === 'operator') throw new Problem('operator_organisation');
      return { status: 'suspended' as const };
    };
    return this.change(caller, orgId, 'org.suspended', decide, orgView);
  }

  resume(caller: Caller, orgId: OrgId): Promise<Committed<OrgView>> {
    return this.change(caller, orgId, 'org.resumed', () => ({ status: 'active' }), orgView);
  }

  changePolicy(caller: Caller, orgId: OrgId, input: ChangePolicy): Promise<Committed<PolicyView>> {
    const decide = (org: Organisation) => {
      const policy = { ...policyView(org), ...input };
      if (policy.defaultExpiryDays > policy.maxLifetimeDays) {
        throw new Problem(
          'invalid_request',
          'defaultExpiryDays must not be greater than maxLifetimeDays.',
        );
      }
      return policy;
    };
    return this.change(caller, orgId, 'org.policy_changed', decide, policyView);
  }

  /** Applies a change to the locked row, and records it unless it changes nothing. */
  private change<T extends object>(
    caller: Caller,
    orgId: OrgId,
    action: AuditAction,
    decide: (org: Organisation) => Partial<Organisation>,
    view: (org: Organisation) => T,
  ): Promise<Committed<T>> {
    const locks = [lockOrg(orgId, 'alter')];
    return this.mutations.runIn(caller, orgId, locks, async ({ tx, record }: OrgChange) => {
      const org = await this.store.get(orgId, tx);
      const after = decide(org);
      const before = Object.fromEntries(
        Object.keys(after).map((field) => [field, org[field as keyof Organisation]]),
      );
      if (JSON.stringify(before) !== JSON.stringify(after)) {
        await this.store.update(tx, orgId, after);
        await record({ orgId, action, targetId: orgId, before, after });
      }
      return view({ ...org, ...after });
    });
  }
}
