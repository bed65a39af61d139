import { Injectable } from '@nestjs/common';
import { authorise, isForeign } from '../auth/authorise.js';
import type { Permission, Role } from '../auth/permission.js';
import type { Caller, Principal } from '../auth/principal.js';
import { AuditLog, type AuditEntry } from '../audit/audit-log.js';
import { Problem } from '../common/errors.js';
import type { OrgId, UserId } from '../common/ids.js';
import type { Committed, Tx } from '../database/transactions.js';
import { holdings } from './effective-permissions.js';
import type { OrgFacts } from './facts.js';
import { FactsStore } from './facts.store.js';
import { judge } from './judge.js';
import { RepeatedCalls } from './repeated-calls.js';
import {
  lockCredential,
  lockMembership,
  lockOrg,
  lockUser,
  takeLocks,
  type RowLock,
} from './row-locks.js';

/** What a principal is in the organisation that it changes: an operator is a manager in each. */
export interface Standing {
  readonly principal: Principal;
  readonly userId: UserId;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** Own grants in that organisation; null when unrestricted. */
  readonly grants: readonly Permission[] | null;
}

/** A change while it is being made. */
export interface Change {
  readonly tx: Tx;
  /** The caller, judged again on the rows that the transaction has locked. */
  readonly me: Standing;
  /** The time on the database's clock at which the transaction began. */
  readonly now: Date;
  /** Adds rows to the audit log. */
  readonly record: (...entries: AuditEntry[]) => Promise<void>;
}

/** A change within an organisation. */
export interface OrgChange extends Change {
  readonly org: OrgFacts;
}

/** Runs changes that somebody asked for. */
@Injectable()
export class Mutations {
  constructor(
    private readonly calls: RepeatedCalls,
    private readonly facts: FactsStore,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Runs a change of the installation. The caller's own rows stay locked and are judged again, so
   * that a key that is revoked while its request runs cannot change anything afterwards.
   *
   * @throws Problem as the guard does, and as `Transactions.run` does
   */
  run<T extends object>(
    caller: Caller,
    locks: readonly RowLock[],
    work: (change: Change) => Promise<T>,
  ): Promise<Committed<T>> {
    const prepare = async (tx: Tx) => {
      await takeLocks(tx, [...ownRows(caller.principal), ...locks]);
      return this.judgeAgain(tx, caller, undefined);
    };
    return this.calls.once(caller, prepare, work);
  }

  /** Runs a change within an organisation, whose row stays locked like the caller's own. */
  runIn<T extends object>(
    caller: Caller,
    orgId: OrgId,
    locks: readonly RowLock[],
    work: (change: OrgChange) => Promise<T>,
  ): Promise<Committed<T>> {
    const prepare = async (tx: Tx) => {
      await takeLocks(tx, [...ownRows(caller.principal), lockOrg(orgId, 'share'), ...locks]);
      const org = await this.facts.ofOrg(tx, orgId);
      if (org === null) throw new Problem('not_found');
      return { ...(await this.judgeAgain(tx, caller, org)), org };
    };
    return this.calls.once(caller, prepare, work);
  }

  private async judgeAgain(tx: Tx, caller: Caller, org: OrgFacts | undefined): Promise<Change> {
    const { key, org: own } = caller.principal;
    const { facts, now } = await this.facts.ofCredential(tx, key.id, own.id);
    const verdict = judge(facts, now, caller.origin.ip);
    if (!verdict.good) {
      const isElsewhere = verdict.refusal === 'ip_not_allowed';
      throw new Problem(isElsewhere ? 'ip_not_allowed' : 'unauthenticated');
    }
    authorise(verdict.principal, caller.requires, org?.id);
    return {
      tx,
      now,
      me: standing(verdict.principal, org),
      record: (...entries) => this.audit.append(tx, caller, entries),
    };
  }
}

function ownRows({ org, owner, key }: Principal): RowLock[] {
  return [
    lockOrg(org.id, 'share'),
    lockUser(owner.id, 'share'),
    lockMembership(org.id, owner.id, 'share'),
    lockCredential(org.id, key.id, 'share'),
  ];
}

function standing(principal: Principal, org: OrgFacts | undefined): Standing {
  const { role, permissions, grants, owner } = principal;
  if (org === undefined || !isForeign(principal, org.id)) {
    return { principal, userId: owner.id, role, permissions, grants };
  }
  const asManager = { role: 'manager', grants: null } as const;
  return {
    principal,
    userId: owner.id,
    ...asManager,
    permissions: holdings(org, asManager),
  };
}
