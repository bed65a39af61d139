import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { KeyId } from '../common/ids.js';
import { JobQueue } from '../jobs/job-queue.js';
import type { UsageFlush } from '../jobs/jobs.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { UsageStore } from './usage.store.js';
import { UsageTotals } from './usage-totals.js';

/** Milliseconds between two flushes: a process that is killed loses the uses of that time. */
const interval = 10_000;

/** @throws when it takes longer than so many milliseconds */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = async () => {
    await delay(ms, undefined, { ref: false });
    throw new Error('it takes too long');
  };
  return Promise.race([work, late()]);
}

/** The largest number of keys in one flush: requests wait while a flush is made. */
const flushSize = 5_000;

/** Milliseconds that a stop waits for the last flush, and how much of that for the queue. */
const timeoutMs = 3_000;
const queueTimeoutMs = 1_000;

/**
 * Records uses of keys. They are counted in memory, and sent to the queue every ten seconds and when
 * the process stops. Nothing waits for it. If the queue is unavailable, they stay in memory.
 */
@Injectable()
export class UsageRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly totals = new UsageTotals();
  private readonly processId = randomUUID();
  private sequence = 0;
  /** The time of the first use that is not in the queue yet, by `performance.now()`. */
  private oldest: number | undefined;
  /** A flush that the queue may have stored, without a confirmation: so it is sent again unchanged. */
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
      'How long the oldest use has been waiting in memory; 0 if there is none.',
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
   * @param count how many uses it is
   */
  record(
    keyId: KeyId,
    at: Date,
    ip: string | undefined,
    userAgent: string | undefined,
    count = 1,
  ): void {
    this.oldest ??= performance.now();
    if (!this.totals.add(keyId, at, ip, userAgent, count)) this.metrics.countLostUse(count);
  }

  /** When no more requests can arrive. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await within(timeoutMs, this.finish()).catch((err: unknown) => {
      this.log.logger.error({ err }, 'the latest uses of keys are lost');
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
      while ((this.unconfirmed ??= this.takeFlush()) !== undefined) {
        await this.add(this.unconfirmed);
        this.unconfirmed = undefined;
      }
      this.isQueueAway = false;
    } catch (err) {
      this.oldest = oldest ?? this.oldest;
      if (!this.isQueueAway) {
        this.log.logger.warn(
          { err },
          'could not add uses of keys to the queue; they stay in memory',
        );
      }
      this.isQueueAway = true;
    }
  }

  /** What the queue does not store at once is counted here: doing both would do no harm. */
  private async finish(): Promise<void> {
    const rest = this.rest();
    try {
      for (const flush of rest) await within(queueTimeoutMs, this.add(flush));
    } catch {
      for (const flush of rest) await this.store.count(flush);
    }
  }

  private rest(): UsageFlush[] {
    const rest = this.unconfirmed === undefined ? [] : [this.unconfirmed];
    // First what was closed for an earlier flush, then what came since.
    for (let round = 0; round < 2; round += 1) {
      this.totals.close();
      for (let flush = this.takeFlush(); flush !== undefined; flush = this.takeFlush())
        rest.push(flush);
    }
    return rest;
  }

  private add(flush: UsageFlush): Promise<void> {
    return this.queue.add('usage', `${flush.processId}-${flush.sequence}`, flush);
  }

  private takeFlush(): UsageFlush | undefined {
    const uses = this.totals.take(flushSize);
    if (uses === undefined) return undefined;
    this.sequence += 1;
    return { ...uses, processId: this.processId, sequence: this.sequence };
  }
}
