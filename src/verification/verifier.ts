import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { isAddressIn } from '../common/ip.js';
import { isWellFormed } from '../common/secret.js';
import { SecretHasher } from '../keys/secret-hasher.js';
import type { AccessFacts } from '../permissions/facts.js';
import { judge, type KeyDecision } from '../permissions/judge.js';
import { Metrics, type VerificationCode } from '../telemetry/metrics.js';
import { UsageRecorder } from '../usage/usage-recorder.js';
import { FirstUse } from './first-use.js';
import { RecordReader, type Lookup, type Reading } from './record-reader.js';

/** The facts of one secret. */
export interface Finding {
  readonly reading: Reading;
  /** Undefined for an unknown secret. */
  readonly facts: AccessFacts | undefined;
  /** Identifies the secret within this process. */
  readonly digest: string;
  /** When it was looked up, in milliseconds on the clock of `performance.now()`. */
  readonly askedAt: number;
}

/** A verdict, and the number of the state that it is based on. */
export interface Verification {
  verdict: KeyDecision;
  /** Undefined when the secret was refused because of its form, without asking the store. */
  authSeq: number | undefined;
}

/** Milliseconds for which a valid key is remembered. */
const lately = 10 * 60_000;

/** The addresses of a key without a list. */
const everywhere: readonly string[] = ['0.0.0.0/0', '::/0'];

/** Decides whether secrets are valid now. */
@Injectable()
export class Verifier {
  /**
   * Keys that were valid in this process lately, by digest, with the addresses that they may be used
   * from. No verdict is based on it.
   */
  private readonly goodLately = new LRUCache<string, readonly string[]>({
    max: 10_000,
    ttl: lately,
  });

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
   * @returns undefined instead of a malformed secret
   * @throws Problem `unavailable`, or the driver's error, when the store cannot be asked: that is never
   *   a verdict
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
   * Judges a secret that is being used.
   *
   * @param finding undefined for a malformed secret
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
      this.firstUse.record(verdict.principal.key.id);
      this.usage.record(verdict.principal.key.id, reading.now, ip, userAgent);
      this.noteGood(digest, verdict.principal.key.allowedIps ?? everywhere);
    } else {
      if (verdict.refusal !== 'ip_not_allowed') this.goodLately.delete(digest);
      else this.noteAddresses(digest, facts?.key.allowedIps ?? everywhere);
      await reading.settled;
    }
    return { verdict, authSeq: reading.authSeq };
  }

  /** Whether the secret was valid within the last ten minutes for this address, and not refused since. */
  wasGood(secret: string, ip: string | undefined): boolean {
    if (!isWellFormed(secret)) return false;
    const allowed = this.goodLately.get(this.hasher.digest(secret));
    return allowed !== undefined && isAddressIn(ip, allowed);
  }

  /** Most keys are used again at once: a valid key is recorded at most once a minute. */
  private noteGood(digest: string, allowedIps: readonly string[]): void {
    if (this.goodLately.getRemainingTTL(digest) < lately - 60_000) {
      this.goodLately.set(digest, allowedIps);
    }
  }

  /** A key that was valid lately was refused for its address: its list may be narrower now. */
  private noteAddresses(digest: string, allowedIps: readonly string[]): void {
    if (this.goodLately.has(digest)) {
      this.goodLately.set(digest, allowedIps, { noUpdateTTL: true });
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
