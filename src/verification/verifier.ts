import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { isAddressIn } from '../common/ip.js';
import { isWellFormed, longestSecret } from '../common/secret.js';
import { SecretHasher } from '../keys/secret-hasher.js';
import type { AccessFacts } from '../permissions/facts.js';
import { judge, type KeyDecision } from '../permissions/judge.js';
import { Metrics, type VerificationCode } from '../telemetry/metrics.js';
import { UsageRecorder } from '../usage/usage-recorder.js';
import { FirstUse } from './first-use.js';
import { RecordReader, type Lookup, type Reading, type Waiting } from './record-reader.js';

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

/** What was found of a secret, and of others, on one state; undefined for a malformed one. */
export interface Findings {
  readonly own: Finding | undefined;
  readonly others: readonly (Finding | undefined)[];
}

/** A verdict, and the number of the state that it is based on. */
export interface Verification {
  readonly verdict: KeyDecision;
  /** Undefined when the secret was refused because of its form, without asking the store. */
  readonly authSeq: number | undefined;
  /** A refusal is not sent before; undefined where none has to wait. */
  readonly settled: Promise<void> | undefined;
}

const malformed: Verification = {
  verdict: { good: false, refusal: 'unknown' },
  authSeq: undefined,
  settled: undefined,
};

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
   * Looks up a secret, and others on the same state of the store. That the store cannot be asked is never
   * a verdict.
   */
  find(secret: string, others: readonly string[], waiting: Waiting<Findings>): void {
    const own = this.lookup(secret);
    if (own === undefined) {
      waiting.done({ own, others: others.map(() => undefined) });
      return;
    }
    const lookups = [own];
    /** For each of the others the index of its look-up; undefined for a malformed one. */
    const places = others.map((other) => {
      const lookup = this.lookup(other);
      return lookup === undefined ? undefined : lookups.push(lookup) - 1;
    });
    const askedAt = performance.now();
    this.reader.read(lookups, {
      done: (reading) => {
        const found = (place: number | undefined): Finding | undefined => {
          const lookup = place === undefined ? undefined : lookups[place];
          if (place === undefined || lookup === undefined) return undefined;
          return { reading, facts: reading.facts[place], digest: lookup.digest, askedAt };
        };
        waiting.done({ own: found(0), others: places.map(found) });
      },
      failed: (error) => {
        this.metrics.countVerification('error', performance.now() - askedAt);
        waiting.failed(error);
      },
    });
  }

  /**
   * Looks up one secret.
   *
   * @returns undefined for a malformed one
   * @throws Problem `unavailable`, or the driver's error, when the store cannot be asked
   */
  findOne(secret: string): Promise<Finding | undefined> {
    return new Promise((resolve, reject) => {
      this.find(secret, [], {
        done: ({ own }) => {
          resolve(own);
        },
        failed: reject,
      });
    });
  }

  /**
   * Judges a secret that is being used. A refusal is not sent before `settled`.
   *
   * @param finding undefined for a malformed secret
   * @param ip the address that the key is used from, if known
   * @param count how many requests use it at once
   */
  judge(
    finding: Finding | undefined,
    ip: string | undefined,
    userAgent?: string,
    count = 1,
  ): Verification {
    if (finding === undefined) {
      this.metrics.countVerification('malformed', 0, count);
      return malformed;
    }
    const { reading, facts, digest, askedAt } = finding;
    const verdict = judge(facts, reading.now, ip);
    const code: VerificationCode = verdict.good ? 'valid' : verdict.refusal;
    this.metrics.countVerification(code, performance.now() - askedAt, count);
    if (verdict.good) {
      this.firstUse.record(verdict.principal.key.id);
      this.usage.record(verdict.principal.key.id, reading.now, ip, userAgent, count);
      this.noteGood(digest, verdict.principal.key.allowedIps ?? everywhere);
    } else {
      if (verdict.refusal !== 'ip_not_allowed') this.goodLately.delete(digest);
      else this.noteAddresses(digest, facts?.key.allowedIps ?? everywhere);
    }
    return { verdict, authSeq: reading.authSeq, settled: reading.settled };
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

  /** @returns undefined for a malformed secret */
  private lookup(secret: string): Lookup | undefined {
    if (secret.length > longestSecret) return undefined;
    const digest = this.hasher.digest(secret);
    // The form of one that was valid lately was checked then.
    if (!this.goodLately.has(digest) && !isWellFormed(secret)) return undefined;
    return { digest, hashes: () => this.hasher.candidates(secret) };
  }

  /** @throws when the store cannot be asked */
  ping(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.reader.read([], {
        done: () => {
          resolve();
        },
        failed: reject,
      });
    });
  }
}
