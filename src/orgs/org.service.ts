import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../audit/actions.js';
import type { Caller } from '../auth/caller.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import { Mutations, type OrgChange } from '../changes/mutations.js';
import { lockOrg } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import { newId, type OrgId } from '../common/ids.js';
import { readCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { isReservedForLater } from '../permissions/permission.js';
import {
  keyRules,
  ListOrgs,
  orgView,
  policyView,
  type Bounds,
  type ChangePolicy,
  type CreateOrg,
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

  create(caller: RepeatableCaller, input: CreateOrg): Promise<Committed<OrgView>> {
    return this.mutations.run(caller, [], async ({ tx, record }) => {
      const id = newId('org');
      await this.store.insert(tx, { ...input, id, kind: 'customer' });
      await record({ orgId: id, action: 'org.created', targetId: id, after: input });
      return orgView(await this.store.get(id, tx));
    });
  }

  async list(query: ListOrgs): Promise<Page<OrgView>> {
    const { after } = readCursor(ListOrgs, query, (value) => value === '');
    const rows = await this.store.list(query.limit, after);
    return toPage(rows, query, orgView, ({ id }) => ({ value: '', id }));
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

  /** Sets the grants. Names that are reserved now stay if they were granted before. */
  setGrants(
    caller: Caller,
    orgId: OrgId,
    grants: Organisation['grants'],
  ): Promise<Committed<OrgView>> {
    const decide = (org: Organisation) => {
      const reserved = grants.find((one) => isReservedForLater(one) && !org.grants.includes(one));
      if (reserved === undefined) return { grants };
      const why = 'is about Keyfence itself and can no longer be granted';
      throw new Problem('invalid_request', `grants: ${reserved} ${why}.`);
    };
    return this.change(caller, orgId, 'org.grants_changed', decide, orgView);
  }

  /** Suspends the organisation: none of its keys is valid until it is resumed. */
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
      const rules = { ...keyRules(org), ...input };
      if (rules.defaultExpiryDays > rules.maxLifetimeDays) {
        throw new Problem(
          'invalid_request',
          'defaultExpiryDays must not be greater than maxLifetimeDays.',
        );
      }
      return rules;
    };
    return this.change(caller, orgId, 'org.policy_changed', decide, policyView);
  }

  /** Sets how many live keys there may be. Existing keys beyond the bounds stay. */
  setBounds(caller: Caller, orgId: OrgId, bounds: Bounds): Promise<Committed<PolicyView>> {
    return this.change(caller, orgId, 'org.bounds_changed', () => bounds, policyView);
  }

  /** Applies a change to the locked row, and records it if it changes something. */
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
