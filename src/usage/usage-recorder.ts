import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { KeyId } from '../common/ids.js';
import { JobQueue } from '../queue/job-queue.js';
import type { UsageFlush } from '../queue/jobs.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { UsageStore } from './usage.store.js';
import { UsageTotals } from './usage-totals.js';

/** Milliseconds between two flushes: what a process that is killed has not told of. */
const interval = 10_000;

/** @throws when it takes longer than so many milliseconds */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = async () => {
    await delay(ms, undefined, { ref: false });
    throw new Error('it takes too long');
  };
  return Promise.race([work, late()]);
}

/** Keys in one flush at the most: requests wait while a flush is made ready. */
const flushSize = 5_000;

/** Milliseconds that a stop waits for the last flush, and how much of it for the queue. */
const patience = 3_000;
const queuePatience = 1_000;

/**
 * Records uses of keys. They are gathered in memory, and handed to the queue every ten seconds and
 * when the process stops. Nothing waits for it. Where the queue is away they stay in memory.
 */
@Injectable()
export class UsageRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly totals = new UsageTotals();
  private readonly processId = randomUUID();
  private sequence = 0;
  /** When the first use came that the queue has not been told of, by `performance.now()`. */
  private oldest: number | undefined;
  /** A flush that the queue may have taken, without a word of it: so it is sent again as it is. */
  private unconfirmed: UsageFlush | undefined;
  private sending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isQueueAway = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly store: UsageStore,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    metrics.watch(
      'usage_flush_lag_seconds',
      'For how long the use is waiting here that nobody was told of first; 0 where there is none.',
      () => (this.oldest === undefined ? 0 : (performance.now() - this.oldest) / 1_000),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), interval).unref();
  }

  /**
   * Records a use.
   *
   * @param at on the database's clock
   * @param ip the address that the key was used from, if known
   */
  record(keyId: KeyId, at: Date, ip: string | undefined, userAgent: string | undefined): void {
    this.oldest ??= performance.now();
    if (!this.totals.add(keyId, at, ip, userAgent)) this.metrics.countLostUse();
  }

  /** Once no request can come any more. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await within(patience, this.finish()).catch((err: unknown) => {
      this.log.logger.error({ err }, 'how keys were used lately is lost');
    });
  }

  /** One at a time. */
  private flush(): Promise<void> {
    this.sending ??= this.sendToQueue().finally(() => {
      this.sending = undefined;
    });
    return this.sending;
  }

  private async sendToQueue(): Promise<void> {
    this.totals.close();
    const oldest = this.oldest;
    this.oldest = undefined;
    try {
      while ((this.unconfirmed ??= this.next()) !== undefined) {
        await this.add(this.unconfirmed);
        this.unconfirmed = undefined;
      }
      this.isQueueAway = false;
    } catch (err) {
      this.oldest = oldest ?? this.oldest;
      if (!this.isQueueAway) {
        this.log.logger.warn({ err }, 'could not hand over how keys were used; it is kept');
      }
      this.isQueueAway = true;
    }
  }

  /** What the queue does not take at once is counted here: twice would be no harm. */
  private async finish(): Promise<void> {
    const rest = this.rest();
    try {
      for (const flush of rest) await within(queuePatience, this.add(flush));
    } catch {
      for (const flush of rest) await this.store.count(flush);
    }
  }

  private rest(): UsageFlush[] {
    const rest = this.unconfirmed === undefined ? [] : [this.unconfirmed];
    // What was closed for an earlier flush, then what came since.
    for (let round = 0; round < 2; round += 1) {
      this.totals.close();
      for (let flush = this.next(); flush !== undefined; flush = this.next()) rest.push(flush);
    }
    return rest;
  }

  private add(flush: UsageFlush): Promise<void> {
    return this.queue.add('usage', `${flush.processId}-${flush.sequence}`, flush);
  }

  private next(): UsageFlush | undefined {
    const uses = this.totals.take(flushSize);
    if (uses === undefined) return undefined;
    this.sequence += 1;
    return { ...uses, processId: this.processId, sequence: this.sequence };
  }
}
