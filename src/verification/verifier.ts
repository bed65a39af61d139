import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { KeyMemory } from '../auth/access.guard.js';
import { isWellFormed } from '../common/secret.js';
import { SecretHasher } from '../keys/secret-hasher.js';
import type { AccessFacts } from '../permissions/facts.js';
import { judge, type Verdict } from '../permissions/judge.js';
import { Metrics, type VerificationCode } from '../telemetry/metrics.js';
import { UsageRecorder } from '../usage/usage-recorder.js';
import { FirstUse } from './first-use.js';
import { RecordReader, type Lookup, type Reading } from './record-reader.js';

/** What the store holds of one secret. */
export interface Finding {
  readonly reading: Reading;
  /** Undefined when nobody knows the secret. */
  readonly facts: AccessFacts | undefined;
  /** Stands for the secret within this process. */
  readonly digest: string;
  /** When it was asked for, in milliseconds on the clock of `performance.now()`. */
  readonly askedAt: number;
}

/** A verdict, and the number of the state that it was found on. */
export interface Verification {
  verdict: Verdict;
  /** Undefined when the secret was refused for its form, without a look at the store. */
  authSeq: number | undefined;
}

/** Milliseconds that it is remembered that a key was good. */
const lately = 10 * 60_000;

/** Answers whether secrets are good now. */
@Injectable()
export class Verifier implements KeyMemory {
  /** Digests of keys that this process has found good. Nothing is answered from it. */
  private readonly goodLately = new LRUCache<string, true>({ max: 10_000, ttl: lately });

  constructor(
    private readonly reader: RecordReader,
    private readonly hasher: SecretHasher,
    private readonly firstUse: FirstUse,
    private readonly metrics: Metrics,
    private readonly usage: UsageRecorder,
  ) {}

  /**
   * Looks up a secret, and another one on the same state of the store.
   *
   * @returns undefined in the place of a secret that is malformed
   * @throws Problem `unavailable`, or the driver's error, when the store cannot be asked: that is
   *   never a verdict
   */
  async find(secret: string, other?: string): Promise<(Finding | undefined)[]> {
    if (!isWellFormed(secret)) return [];
    const secrets = other !== undefined && isWellFormed(other) ? [secret, other] : [secret];
    const lookups = secrets.map((each) => this.lookup(each));
    const askedAt = performance.now();
    try {
      const reading = await this.reader.read(lookups);
      return lookups.map(({ digest }, index) => {
        return { reading, facts: reading.facts[index], digest, askedAt };
      });
    } catch (error) {
      this.metrics.countVerification('error', performance.now() - askedAt);
      throw error;
    }
  }

  /**
   * Judges a secret that somebody uses.
   *
   * @param finding undefined for a secret that is malformed
   * @param ip the address that the key is used from, if known
   */
  async judge(
    finding: Finding | undefined,
    ip: string | undefined,
    userAgent?: string,
  ): Promise<Verification> {
    if (finding === undefined) {
      this.metrics.countVerification('malformed', 0);
      return { verdict: { good: false, refusal: 'unknown' }, authSeq: undefined };
    }
    const { reading, facts, digest, askedAt } = finding;
    const verdict = judge(facts, reading.now, ip);
    const code: VerificationCode = verdict.good ? 'valid' : verdict.refusal;
    this.metrics.countVerification(code, performance.now() - askedAt);
    if (verdict.good) {
      this.firstUse.saw(verdict.principal.key.id);
      this.usage.record(verdict.principal.key.id, reading.now, ip, userAgent);
      this.noteGood(digest);
    } else {
      if (verdict.refusal !== 'ip_not_allowed') this.goodLately.delete(digest);
      await reading.settled;
    }
    return { verdict, authSeq: reading.authSeq };
  }

  /** Whether the secret was good within the last ten minutes, and not refused since. */
  wasGood(secret: string): boolean {
    return isWellFormed(secret) && this.goodLately.has(this.hasher.digest(secret));
  }

  /** Most keys come again at once: what was noted within a minute is not noted anew. */
  private noteGood(digest: string): void {
    if (this.goodLately.getRemainingTTL(digest) < lately - 60_000) {
      this.goodLately.set(digest, true);
    }
  }

  private lookup(secret: string): Lookup {
    return {
      digest: this.hasher.digest(secret),
      hashes: () => this.hasher.candidates(secret),
    };
  }

  /** @throws when the store cannot be asked */
  async ping(): Promise<void> {
    await this.reader.read([]);
  }
}
