import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { Durations } from './durations.js';

const verificationCodes = [
  'valid',
  'unknown',
  'revoked',
  'expired',
  'owner_removed',
  'owner_deactivated',
  'org_suspended',
  'ip_not_allowed',
  /** Refused because of its form, without asking the store. */
  'malformed',
  /** No decision: the store did not respond. */
  'error',
] as const;

/** The result of a verification. Clients see less. */
export type VerificationCode = (typeof verificationCodes)[number];

const changeOutcomes = ['committed', 'busy', 'outcome_unknown', 'retried'] as const;
type ChangeOutcome = (typeof changeOutcomes)[number];

/** Clients can send any of some 35 methods: the rare ones share a label. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The figures of a pool of `pg`. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/**
 * The metrics for Prometheus. The values of labels come from closed lists and from route patterns, so
 * that no client can add series, and none is an id.
 */
@Injectable()
export class Metrics {
  /** Of this application only: a process can run several. */
  private readonly registry = new Registry();
  private readonly pools = new Map<string, Pool>();

  private readonly requests = new Durations(
    {
      name: 'keyfence_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its response.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    },
    this.registry,
  );

  private readonly verifications = new Map<VerificationCode, number>();

  private readonly verificationTime = new Durations(
    {
      name: 'keyfence_verification_duration_seconds',
      help: 'Time until a verification ended.',
      buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10],
    },
    this.registry,
  );

  private readonly throttled = new Counter({
    name: 'keyfence_throttled_requests_total',
    help: 'Requests refused without a look-up, after too many failed authentications from their address.',
    registers: [this.registry],
  });

  private readonly changes = new Counter({
    name: 'keyfence_changes_total',
    help: 'Changes that were committed, found a lock taken, or may have been stored; and attempts that were repeated.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  private readonly fenceQueries = new Counter({
    name: 'keyfence_fence_queries_total',
    help: 'Queries that asked the primary what has changed, each for all waiting requests.',
    registers: [this.registry],
  });

  private readonly cacheResets = new Counter({
    name: 'keyfence_cache_resets_total',
    help: 'Times that the whole cache of records was dropped.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  private readonly lostUses = new Counter({
    name: 'keyfence_lost_uses_total',
    help: 'Uses of keys that were not counted: too many keys were waiting for the queue.',
    registers: [this.registry],
  });

  private readonly failedJobs = new Counter({
    name: 'keyfence_failed_jobs_total',
    help: 'Runs of jobs that failed.',
    labelNames: ['kind'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.exportVerifications();
    for (const outcome of changeOutcomes) this.changes.inc({ outcome }, 0);
    this.poolGauge('', 'Open connections to the database.', (pool) => pool.totalCount);
    this.poolGauge('_idle', 'Idle connections.', (pool) => pool.idleCount);
    this.poolGauge('_waiting', 'Requests that wait for a connection.', (pool) => pool.waitingCount);
  }

  /** Content type of `text()`. */
  static readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  /** Everything, in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /**
   * Counts a response.
   *
   * @param route the pattern of the route, undefined where there is none
   * @param ms how long it took
   */
  countRequest(method: string, route: string | undefined, status: number, ms: number): void {
    const known = methods.has(method) ? method : 'other';
    this.requests.observe(ms / 1000, `${known} ${status} ${route ?? 'none'}`, () => ({
      method: known,
      route: route ?? 'none',
      status,
    }));
  }

  /**
   * @param ms how long it took
   * @param count verifications that were one
   */
  countVerification(code: VerificationCode, ms: number, count = 1): void {
    this.verifications.set(code, (this.verifications.get(code) ?? 0) + count);
    this.verificationTime.observe(ms / 1000);
  }

  countThrottled(): void {
    this.throttled.inc();
  }

  countLostUse(count: number): void {
    this.lostUses.inc(count);
  }

  countChange(outcome: ChangeOutcome): void {
    this.changes.inc({ outcome });
  }

  countFenceQuery(): void {
    this.fenceQueries.inc();
  }

  /** @param reason one of a closed list */
  countCacheReset(reason: string): void {
    this.cacheResets.inc({ reason });
  }

  /** Counts a job that failed, whether or not it is retried. */
  countFailedJob(kind: string): void {
    this.failedJobs.inc({ kind });
  }

  /**
   * Adds a gauge, which is read for each scrape.
   *
   * @param name without the prefix `keyfence_`
   */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `keyfence_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Adds the numbers of jobs, by kind and state. */
  watchJobs(counts: ReadonlyMap<string, Readonly<Record<string, number>>>): void {
    new Gauge({
      name: 'keyfence_jobs',
      help: 'Jobs that are not done.',
      labelNames: ['kind', 'state'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [kind, states] of counts) {
          for (const [state, count] of Object.entries(states)) this.set({ kind, state }, count);
        }
      },
    });
  }

  /** Adds the use of this pool. */
  watchPool(name: string, pool: Pool): void {
    this.pools.set(name, pool);
  }

  private exportVerifications(): void {
    const { verifications } = this;
    new Counter({
      name: 'keyfence_verifications_total',
      help: 'Verifications of keys, of callers as well as of keys that callers ask about.',
      labelNames: ['code'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const code of verificationCodes) this.inc({ code }, verifications.get(code) ?? 0);
      },
    });
  }

  private poolGauge(suffix: string, help: string, valueOf: (pool: Pool) => number): void {
    const { pools } = this;
    new Gauge({
      name: `keyfence_pool_connections${suffix}`,
      help,
      labelNames: ['pool'],
      registers: [this.registry],
      collect() {
        for (const [pool, state] of pools) this.set({ pool }, valueOf(state));
      },
    });
  }
}
