import type { KeyId } from '../common/ids.js';
import { normaliseAddress } from '../common/ip.js';
import { beginningOf, containsSecret } from '../common/secret.js';
import type { UsageFlush } from '../jobs/jobs.js';

const dayLength = 24 * 3_600_000;
const longestUserAgent = 256;

interface Use {
  count: number;
  /** Milliseconds since 1970. */
  lastUsedAt: number;
  ip: string | undefined;
  userAgent: string | undefined;
}

/** By the number of the day. */
type Days = Map<number, Map<KeyId, Use>>;

/** The uses of one day. */
export type DayOfUses = Pick<UsageFlush, 'day' | 'uses'>;

/** Uses of keys that are in no flush yet, by day (UTC). */
export class UsageTotals {
  private readonly gathered: Days = new Map();
  /** No longer changes, and is taken in parts. */
  private readonly closed: Days = new Map();
  private size = 0;

  /** @param capacity the largest number of keys, each counted once for every day of use */
  constructor(private readonly capacity = 100_000) {}

  /**
   * Counts a use. Every verification calls it, so everything that can wait is done later: see `tidy`.
   *
   * @param count how many it is
   * @returns false when there is no room for another key: they are lost
   */
  add(
    keyId: KeyId,
    at: Date,
    ip: string | undefined,
    userAgent: string | undefined,
    count = 1,
  ): boolean {
    const lastUsedAt = at.getTime();
    const day = Math.floor(lastUsedAt / dayLength);
    const uses = this.gathered.get(day);
    const use = uses?.get(keyId);
    if (use === undefined) {
      if (this.size >= this.capacity) return false;
      this.size += 1;
      const first = { count, lastUsedAt, ip, userAgent: short(userAgent) };
      if (uses === undefined) this.gathered.set(day, new Map([[keyId, first]]));
      else uses.set(keyId, first);
      return true;
    }
    use.count += count;
    if (lastUsedAt >= use.lastUsedAt) {
      use.lastUsedAt = lastUsedAt;
      use.ip = ip;
      use.userAgent = short(userAgent);
    }
    return true;
  }

  /** Lets `take` have what was counted so far, once it has taken everything from before. */
  close(): void {
    if (this.closed.size > 0) return;
    for (const [day, uses] of this.gathered) this.closed.set(day, uses);
    this.gathered.clear();
  }

  /**
   * Takes a part of what is closed.
   *
   * @param max keys at most
   * @returns undefined when nothing is left
   */
  take(max: number): DayOfUses | undefined {
    for (const [number, all] of this.closed) {
      const uses: DayOfUses['uses'] = [];
      for (const [keyId, use] of all) {
        if (uses.length === max) break;
        uses.push({ keyId, ...tidy(use) });
        all.delete(keyId);
      }
      if (all.size === 0) this.closed.delete(number);
      this.size -= uses.length;
      return { day: new Date(number * dayLength).toISOString().slice(0, 10), uses };
    }
    return undefined;
  }
}

/** A part of a string can hold all of it in memory, and clients choose its length: so it is copied. */
function short(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent.length <= longestUserAgent) return userAgent;
  const shown = beginningOf(userAgent, longestUserAgent);
  return shown && Buffer.from(shown, 'utf16le').toString('utf16le');
}

/**
 * Makes a use fit to be stored and shown: clients choose every character, and PostgreSQL stores neither
 * NUL nor halves of surrogate pairs.
 */
function tidy({ count, lastUsedAt, ip, userAgent }: Use): Omit<DayOfUses['uses'][number], 'keyId'> {
  const readable = userAgent?.replace(/[\p{Cc}\p{Cs}]/gu, ' ');
  return {
    count,
    lastUsedAt,
    ip: normaliseAddress(ip) ?? null,
    userAgent: readable === undefined || containsSecret(readable) ? null : readable,
  };
}
