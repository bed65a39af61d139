import { describe, expect, it } from '@jest/globals';
import { FailureCounts } from './failure-counts.js';

const minute = 60_000;
/** The begin of some minute. */
const begin = 1_764_000_000_000;

function addMany(counts: FailureCounts, client: string, failures: number, now: number): void {
  for (let n = 0; n < failures; n += 1) counts.add(client, now);
}

describe('FailureCounts', () => {
  it('lets a client wait from the limit on, and no other', () => {
    const counts = new FailureCounts(3);
    addMany(counts, 'a', 2, begin);
    expect(counts.secondsToWait('a', begin)).toBeUndefined();
    counts.add('a', begin);
    expect(counts.secondsToWait('a', begin)).toBe(60);
    expect(counts.secondsToWait('b', begin)).toBeUndefined();
  });

  it('lets it wait until the window ends, in whole seconds, and no longer', () => {
    const counts = new FailureCounts(1);
    counts.add('a', begin + 100);
    for (const [passed, seconds] of [
      [100, 60],
      [1_000, 59],
      [59_000, 1],
      [59_999, 1],
      [minute, undefined],
    ] as const) {
      expect([passed, counts.secondsToWait('a', begin + passed)]).toEqual([passed, seconds]);
    }
  });

  it('begins each window with nothing, however the clock got there', () => {
    for (const later of [begin + minute, begin + 1_000 * minute, begin - minute]) {
      const counts = new FailureCounts(2);
      addMany(counts, 'a', 2, begin + minute - 1);
      counts.add('a', later);
      expect(counts.secondsToWait('a', later)).toBeUndefined();
      expect(counts.takeUnwritten(later)?.counts).toEqual(new Map([['a', 1]]));
    }
  });

  it('hands over what is new, once', () => {
    const counts = new FailureCounts(100);
    expect(counts.takeUnwritten(begin)).toBeUndefined();
    addMany(counts, 'a', 2, begin);
    counts.add('b', begin);
    expect(counts.takeUnwritten(begin + 5)).toEqual({
      windowStart: begin,
      counts: new Map([
        ['a', 2],
        ['b', 1],
      ]),
    });
    expect(counts.takeUnwritten(begin + 5)).toBeUndefined();
    counts.add('b', begin + 6);
    expect(counts.takeUnwritten(begin + 7)?.counts).toEqual(new Map([['b', 1]]));
  });

  it('adds what came meanwhile to the totals of others', () => {
    const counts = new FailureCounts(10);
    counts.add('a', begin);
    const batch = counts.takeUnwritten(begin);
    if (batch === undefined) throw new Error('nothing to write');
    counts.add('a', begin);
    counts.learn(batch, new Map([['a', 8]]));
    expect(counts.secondsToWait('a', begin)).toBeUndefined();
    counts.add('a', begin);
    expect(counts.secondsToWait('a', begin)).toBe(60);
    expect(counts.takeUnwritten(begin)?.counts).toEqual(new Map([['a', 2]]));
  });

  it('keeps what could not be written for the next time, in its own window alone', () => {
    const counts = new FailureCounts(10);
    addMany(counts, 'a', 2, begin);
    const batch = counts.takeUnwritten(begin);
    if (batch === undefined) throw new Error('nothing to write');
    counts.add('a', begin);
    counts.putBack(batch);
    expect(counts.takeUnwritten(begin)?.counts).toEqual(new Map([['a', 3]]));
    counts.add('a', begin + minute);
    counts.putBack(batch);
    counts.learn(batch, new Map([['a', 1_000]]));
    expect(counts.secondsToWait('a', begin + minute)).toBeUndefined();
    expect(counts.takeUnwritten(begin + minute)?.counts).toEqual(new Map([['a', 1]]));
  });

  it('stays within its capacity, and keeps clients that go on', () => {
    const counts = new FailureCounts(2, minute, 100);
    counts.add('persistent', begin);
    for (let n = 0; n < 1_000; n += 1) {
      counts.add(`passing ${n}`, begin);
      if (n % 50 === 0) counts.add('persistent', begin);
    }
    expect(counts.secondsToWait('persistent', begin)).toBe(60);
    const batch = counts.takeUnwritten(begin);
    expect(batch?.counts.size).toBe(100);
    expect(batch?.counts.get('persistent')).toBe(21);
  });
});
