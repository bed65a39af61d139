/** The number of queries that may follow each other at once after a pause. */
const burst = 20;

/**
 * Milliseconds since the last query was sent, by the number of those under way: a second one only if the
 * first takes long, a third one if both seem to hang. It needs another connection, which may respond.
 */
const rests = [0, 1, 100];

/**
 * When the fence may send a query: one in each millisecond on average, which bounds the load on the
 * primary, and without delay as long as there were few (a token bucket). Times are in milliseconds on a
 * clock that never goes back.
 */
export class Pace {
  private tokens = burst;
  private countedAt = -Infinity;
  private lastSentAt = -Infinity;

  /** @param max the largest number of queries under way */
  constructor(private readonly max: number) {}

  /**
   * @param underWay the number of queries that have no result yet
   * @returns milliseconds until the next query may be sent; Infinity when another must end first
   */
  delay(now: number, underWay: number): number {
    const rest = underWay < this.max ? rests[underWay] : undefined;
    if (rest === undefined) return Infinity;
    return Math.max(0, 1 - this.tokensAt(now), this.lastSentAt + rest - now);
  }

  /** Counts a query that is sent. */
  count(now: number): void {
    this.tokens = this.tokensAt(now) - 1;
    this.countedAt = now;
    this.lastSentAt = now;
  }

  private tokensAt(now: number): number {
    return Math.min(burst, this.tokens + now - this.countedAt);
  }
}
