import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Problem } from '../../common/errors.js';
import { clientNetwork } from '../../common/ip.js';
import { Settings } from '../../config/settings.js';
import { Log } from '../../telemetry/log.js';
import { Metrics } from '../../telemetry/metrics.js';
import { FailureCounts } from './failure-counts.js';
import { FailureStore } from './failure.store.js';

/** Milliseconds between two writes. */
const interval = 1_000;

/** Milliseconds that a stop waits for the last write. */
const timeoutMs = 1_000;

/**
 * Makes clients wait that failed to authenticate too often. A client is an IPv4 address or a /64 of
 * IPv6. A client with an unknown address is not counted.
 *
 * Each process decides by what it knows, and no request waits for the store. What other processes
 * counted arrives with the next write for the same client: up to a second late, and after a start with
 * its first failure. Requests that are already running when the limit is reached are not stopped.
 */
@Injectable()
export class FailureThrottle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly counts: FailureCounts;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isStoreAway = false;

  constructor(
    settings: Settings,
    private readonly store: FailureStore,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    this.counts = new FailureCounts(settings.maxFailedAuthentications);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.write(), interval).unref();
  }

  /** Counts a failure of the client with this address. */
  count(ip: string | undefined): void {
    const client = clientNetwork(ip);
    if (client !== undefined) this.counts.add(client, Date.now());
  }

  /**
   * Refuses the client when it has to wait.
   *
   * @param isExempt asked only then: whether this request may pass all the same
   * @throws Problem `too_many_failures`, with `retryAfter` in seconds
   */
  admit(ip: string | undefined, isExempt: () => boolean = () => false): void {
    if (this.counts.isEmpty) return;
    const client = clientNetwork(ip);
    if (client === undefined) return;
    const retryAfter = this.counts.secondsToWait(client, Date.now());
    if (retryAfter === undefined || isExempt()) return;
    this.metrics.countThrottled();
    throw new Problem('too_many_failures', undefined, { retryAfter });
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const finish = async () => {
      await this.writing;
      await this.write();
    };
    // A store that does not respond must not delay the stop.
    await Promise.race([finish(), delay(timeoutMs, undefined, { ref: false })]);
  }

  /** One write at a time; what is counted meanwhile is written with the next one. */
  private write(): Promise<void> {
    this.writing ??= this.writeCounts().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async writeCounts(): Promise<void> {
    const batch = this.counts.takeUnwritten(Date.now());
    if (batch === undefined) return;
    try {
      this.counts.learn(batch, await this.store.add(batch));
      this.isStoreAway = false;
    } catch (err) {
      // It may have been written: then these failures count twice.
      this.counts.putBack(batch);
      if (!this.isStoreAway) {
        this.log.logger.warn({ err }, 'could not write the counts of failed authentications');
      }
      this.isStoreAway = true;
    }
  }
}
