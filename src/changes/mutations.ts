import { Injectable } from '@nestjs/common';
import { AuditLog, type AuditEntry } from '../audit/audit-log.js';
import { Problem } from '../common/errors.js';
import type { OrgId } from '../common/ids.js';
import { Transactions, type Committed, type Tx } from '../database/transactions.js';
import { authorise } from '../permissions/authorise.js';
import type { OrgFacts } from '../permissions/facts.js';
import { judge } from '../permissions/judge.js';
import type { Principal } from '../permissions/principal.js';
import { standingIn, type Standing } from '../permissions/standing.js';
import { FactsStore } from './facts.store.js';
import {
  assertSameCall,
  type Idempotency,
  type RepeatableCaller,
} from './idempotency/idempotency.js';
import { IdempotencyStore } from './idempotency/idempotency.store.js';
import {
  lockCredential,
  lockMembership,
  lockOrg,
  lockUser,
  takeLocks,
  type RowLock,
} from './row-locks.js';

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

/** Takes the locks of a change, and judges the caller. */
type Prepare<C extends Change> = (tx: Tx) => Promise<C>;

/** Runs changes that a caller asked for, and recognises repeated calls. */
@Injectable()
export class Mutations {
  constructor(
    private readonly transactions: Transactions,
    private readonly calls: IdempotencyStore,
    private readonly facts: FactsStore,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Runs a change of the installation. The caller's own rows stay locked and are judged again: a key
   * that is revoked while its request runs cannot change anything afterwards.
   *
   * @throws Problem as the guard does, and as `Transactions.run` does
   */
  run<T extends object>(
    caller: RepeatableCaller,
    locks: readonly RowLock[],
    work: (change: Change) => Promise<T>,
  ): Promise<Committed<T>> {
    const prepare = async (tx: Tx) => {
      await takeLocks(tx, [...ownRows(caller.principal), ...locks]);
      return this.judgeAgain(tx, caller, undefined);
    };
    return this.transact(caller, prepare, work);
  }

  /** Runs a change within an organisation, whose row stays locked like the caller's own. */
  runIn<T extends object>(
    caller: RepeatableCaller,
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
    return this.transact(caller, prepare, work);
  }

  private async transact<C extends Change, T extends object>(
    caller: RepeatableCaller,
    prepare: Prepare<C>,
    work: (change: C) => Promise<T>,
  ): Promise<Committed<T>> {
    const { idempotency, lane } = caller;
    if (idempotency !== undefined) return this.transactOnce(caller, idempotency, prepare, work);
    return this.transactions.run(async (tx) => work(await prepare(tx)), { lane });
  }

  /**
   * Does the work, or returns the response of the first call with this `Idempotency-Key`, without the
   * secret. The claim comes before all locks, so that a call that waits for the first one does not
   * block others. The response is stored with the work: a call that was refused or lost leaves nothing,
   * so the next one counts as the first. The caller is judged also when the response is a stored one.
   *
   * @throws Problem `idempotency_in_progress`, `idempotency_mismatch`; as `Transactions.run` does
   */
  private async transactOnce<C extends Change, T extends object>(
    caller: RepeatableCaller,
    idempotency: Idempotency,
    prepare: Prepare<C>,
    work: (change: C) => Promise<T>,
  ): Promise<Committed<T>> {
    const { principal, lane } = caller;
    const id = { principalId: principal.key.id, key: idempotency.key };
    const call = async (tx: Tx) => {
      const isFirst = await this.calls.claim(tx, id, idempotency.fingerprint);
      const change = await prepare(tx);
      const { role } = change.me;
      if (!isFirst) {
        const found = await this.calls.get(tx, id);
        assertSameCall(found, idempotency, caller, role);
        return { result: found.body as T, first: found };
      }
      const done = await work(change);
      await this.calls.storeResponse(tx, id, role, { ...done, secret: undefined });
      return { result: done, first: undefined };
    };
    const { result, first, authSeq } = await this.transactions.run(call, { lane });
    if (first === undefined) return { ...result, authSeq };
    idempotency.announceReplay();
    return { ...result, authSeq: first.authSeq };
  }

  private async judgeAgain(
    tx: Tx,
    caller: RepeatableCaller,
    org: OrgFacts | undefined,
  ): Promise<Change> {
    const { key, org: own } = caller.principal;
    const { facts, now } = await this.facts.ofCredential(tx, key.id, own.id);
    const decision = judge(facts, now, caller.origin.ip);
    if (!decision.good) {
      const isElsewhere = decision.refusal === 'ip_not_allowed';
      throw new Problem(isElsewhere ? 'ip_not_allowed' : 'unauthenticated');
    }
    authorise(decision.principal, caller.requires, org?.id);
    return {
      tx,
      now,
      me: standingIn(decision.principal, org),
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
