import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { KeyMemory } from '../auth/api-key.guard.js';
import { Settings } from '../config/settings.js';
import { createPool } from '../database/connection.js';
import { isWellFormed } from '../common/secret.js';
import { SecretHasher } from '../keys/secret-hasher.js';
import { readSnapshot, snapshotByHash, type SnapshotRow } from '../permissions/facts.store.js';
import { judge, type Verdict } from '../permissions/judge.js';
import { Log } from '../telemetry/log.js';
import { Metrics, type VerificationCode } from '../telemetry/metrics.js';
import { FirstUse } from './first-use.js';

/** A verdict, and the number of the state that it was found on. */
export interface Verification {
  verdict: Verdict;
  /** Undefined when the secret was refused for its form, without a look at the store. */
  authSeq: number | undefined;
}

function codeOf({ verdict, authSeq }: Verification): VerificationCode {
  if (authSeq === undefined) return 'malformed';
  return verdict.good ? 'valid' : verdict.refusal;
}

/** @param hashes the candidates of one secret, which are in the same order each time */
function memoryKey([hash]: Buffer[]): string {
  return hash?.toString('latin1') ?? '';
}

/** Connections for verifications alone, so that they never wait behind changes. */
const connections = 10;

/** Answers whether a secret is good now: one prepared statement on the primary for each answer. */
@Injectable()
export class Verifier implements KeyMemory, OnApplicationShutdown {
  private readonly pool: Pool;
  /** Hashes of keys that this process has found good. Nothing is answered from it. */
  private readonly goodLately = new LRUCache<string, true>({ max: 10_000, ttl: 10 * 60_000 });

  constructor(
    settings: Settings,
    log: Log,
    private readonly hasher: SecretHasher,
    private readonly firstUse: FirstUse,
    private readonly metrics: Metrics,
  ) {
    this.pool = createPool(settings.databaseUrl, connections, log.logger);
    metrics.watchPool('verification', this.pool);
  }

  /**
   * @param ip the address that the key is used from, if known
   * @throws the driver's error when the database cannot be asked: that is never a verdict
   */
  async verify(secret: string, ip: string | undefined): Promise<Verification> {
    const start = performance.now();
    let code: VerificationCode = 'error';
    try {
      const verification = await this.find(secret, ip);
      code = codeOf(verification);
      return verification;
    } finally {
      this.metrics.countVerification(code, performance.now() - start);
    }
  }

  private async find(secret: string, ip: string | undefined): Promise<Verification> {
    if (!isWellFormed(secret)) {
      return { verdict: { good: false, refusal: 'unknown' }, authSeq: undefined };
    }
    const hashes = this.hasher.candidates(secret);
    const { rows } = await this.pool.query<SnapshotRow>({
      name: 'snapshot-by-hash',
      text: snapshotByHash,
      values: [hashes],
    });
    const { facts, authSeq, now } = readSnapshot(rows[0]);
    const verdict = judge(facts, now, ip);
    if (verdict.good) {
      this.firstUse.saw(verdict.principal.key.id);
      this.goodLately.set(memoryKey(hashes), true);
    } else if (verdict.refusal !== 'ip_not_allowed') {
      this.goodLately.delete(memoryKey(hashes));
    }
    return { verdict, authSeq };
  }

  /** Whether the secret was good within the last ten minutes, and not refused since. */
  wasGood(secret: string): boolean {
    return isWellFormed(secret) && this.goodLately.has(memoryKey(this.hasher.candidates(secret)));
  }

  /** Whether the database answers. */
  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
