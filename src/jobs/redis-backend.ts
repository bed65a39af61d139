import { Queue, Worker, type RedisOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from '../telemetry/log.js';
import {
  JobBackend,
  workerOptionsOf,
  type JobHandlers,
  type OpenQueue,
  type OpenWorker,
} from './job-backend.js';
import type { JobName } from './jobs.js';

/** Milliseconds that Redis may take to respond. */
const timeoutMs = 5_000;

/** The setting by which Redis could evict jobs, from its INFO. */
function evictionPolicy(info: string): string | undefined {
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
}

/** Jobs in Redis. Nothing waits for it: neither the start of the service nor code that adds a job. */
export class RedisBackend extends JobBackend {
  private readonly producer: Redis;
  /** We check it once. BullMQ would write to standard output for each connection. */
  private readonly common = { skipVersionCheck: true };

  /** @param prefix of all names: others may use the same Redis */
  constructor(
    private readonly url: string,
    private readonly prefix: string,
    log: Log,
  ) {
    super(log);
    this.producer = this.watch(
      new Redis(url, {
        enableOfflineQueue: false,
        maxRetriesPerRequest: 1,
        connectTimeout: timeoutMs,
        commandTimeout: timeoutMs,
      }),
    );
    this.producer.on('ready', () => void this.warnOfEviction());
  }

  override openQueue(name: JobName): Promise<OpenQueue> {
    const { prefix, producer: connection } = this;
    const options = { ...this.common, prefix, connection, skipWaitingForReady: true };
    return Promise.resolve(this.watch(new Queue(name, options)));
  }

  override openWorker(name: JobName, { run, failed }: JobHandlers): Promise<OpenWorker> {
    const connection: RedisOptions = {
      url: this.url,
      // A waiting worker retries without a limit, until it is closed, which must not take long.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => (worker.closing ? null : Math.min(times * 200, 2_000)),
    };
    const options = { ...workerOptionsOf(name), ...this.common, prefix: this.prefix, connection };
    const worker = this.watch(new Worker(name, run, options));
    return Promise.resolve(worker.on('failed', failed));
  }

  /** Without Redis no job can end properly. BullMQ would wait for it, with its timers, without a limit. */
  override closeWorker(worker: OpenWorker): Promise<void> {
    return worker.close(this.producer.status !== 'ready');
  }

  override close(): Promise<void> {
    this.producer.disconnect();
    return Promise.resolve();
  }

  private async warnOfEviction(): Promise<void> {
    try {
      const policy = evictionPolicy(await this.producer.info('memory'));
      if (policy === undefined || policy === 'noeviction') return;
      this.log.logger.warn(
        { policy },
        'Redis may evict jobs when it is full: set maxmemory-policy to noeviction',
      );
    } catch (err) {
      this.log.logger.warn({ err }, 'could not ask Redis for its maxmemory-policy');
    }
  }
}
