import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { OwnedKeysStore } from '../keys/owned-keys.store.js';
import { Log } from '../telemetry/log.js';
import { batchSize, mostKeys } from './batch-size.js';
import { keyRevoked } from './member-rules.js';
import {
  RevocationTaskStore,
  type Claim,
  type NamedTask,
  type RevocationTask,
} from './revocation-task.store.js';

/** How much work a sweep takes on. */
export interface Pace extends Pick<Claim, 'idleSeconds' | 'minAgeSeconds'> {
  /** How long a batch leaves the head's lock to others, as a multiple of the time it held it. */
  pauseFactor: number;
}

/** A worker that did nothing for so long has ended. */
const ofWorkers: Pace = { idleSeconds: 5, minAgeSeconds: 0, pauseFactor: 2 };

/** The result of a batch. */
interface Batch {
  /** Milliseconds for which it held the head's lock. */
  ms: number;
  /** The task for which it failed. */
  failed?: NamedTask;
}

/** Rolls back a transaction without work, so that it takes no number. */
class NothingToDo extends Error {}

/** Revokes the keys of members, removed or not, if there are too many for the call that ends them. */
@Injectable()
export class RemovalSweep implements OnModuleDestroy {
  private readonly worker = randomUUID();
  private isRunning = false;
  private isStopping = false;

  constructor(
    private readonly store: RevocationTaskStore,
    private readonly keys: OwnedKeysStore,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly log: Log,
  ) {}

  /** Before the stop waits for the job that it runs in. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /**
   * Works until nothing is left, a batch of each task in turn. Any number of processes can run this
   * at a time: one of them works, the others leave it to that one.
   *
   * @throws when it failed for some tasks; the others are done
   */
  async run({ pauseFactor, ...pace }: Pace = ofWorkers): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      const claim = { worker: this.worker, except: [], ...pace };
      if (await this.store.isAnyDue(claim)) await this.work(claim, pauseFactor);
    } finally {
      this.isRunning = false;
    }
  }

  private async work(claim: Claim, pauseFactor: number): Promise<void> {
    const except: Claim['except'][number][] = [];
    let size = mostKeys;
    while (!this.isStopping) {
      const begin = performance.now();
      const batch = await this.runBatch({ ...claim, except }, size);
      if (batch === null) break;
      if (batch.failed) except.push(batch.failed);
      else size = batchSize(size, batch.ms);
      // The next batch, too, will begin without the head's lock, for about as long.
      const unlockedMs = performance.now() - begin - batch.ms;
      await delay(Math.max(0, pauseFactor * batch.ms - unlockedMs));
    }
    if (except.length > 0) throw new Error(`${except.length} revocations could not be finished`);
  }

  /** @returns null when there is no work, or another process does it */
  private async runBatch(claim: Claim, size: number): Promise<Batch | null> {
    const batch: Batch & { task?: NamedTask | undefined } = { ms: 0 };
    try {
      await this.transactions.run(
        async (tx) => {
          batch.task = await this.store.choose(tx, claim);
          if (batch.task === undefined) throw new NothingToDo();
          const task = await this.store.begin(tx, batch.task, claim);
          if (task !== undefined) await this.revokeSome(tx, task, size);
          return {};
        },
        { onCommit: (ms) => (batch.ms = ms) },
      );
      return batch;
    } catch (err) {
      if (err instanceof NothingToDo) return null;
      if (batch.task === undefined) throw err;
      const { orgId, userId } = batch.task;
      this.log.logger.warn({ err, orgId, userId }, 'could not revoke keys of a member');
      return { ms: batch.ms, failed: batch.task };
    }
  }

  private async revokeSome(tx: Tx, task: RevocationTask, size: number): Promise<void> {
    const { orgId, userId, endedAt, createdUntil, reason, by } = task;
    const byKeyId = by?.recorded.keyId ?? null;
    const keyIds = await this.keys.revokeNext(tx, orgId, userId, size, {
      at: endedAt,
      byUserId: by?.recorded.userId ?? null,
      byKeyId,
      reason,
      createdUntil,
      last: byKeyId,
    });
    const entries = keyIds.map((keyId) => keyRevoked(orgId, keyId, reason));
    await this.audit.append(tx, by, entries, task.hasEvents);
    // Nobody creates keys for a former member, nor in the past: those that are here now are all.
    const isLast = keyIds.length < size;
    if (isLast && (await this.keys.areAllRevoked(tx, orgId, userId, createdUntil))) {
      await this.store.remove(tx, task);
    }
  }
}
