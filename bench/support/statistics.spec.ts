import { describe, expect, it } from '@jest/globals';
import { median, quantile, seededRandom, shuffle, welch } from './statistics.js';

describe('statistics', () => {
  it('quantiles are values of the sample, by nearest rank', () => {
    const values = [15, 20, 35, 40, 50].reverse();
    const shares = [0, 0.05, 0.3, 0.4, 0.5, 1];
    expect(shares.map((share) => quantile(values, share))).toEqual([15, 15, 20, 20, 35, 50]);
    expect(median(values)).toBe(35);
    expect(values[0]).toBe(50);
  });

  it("Welch's t is that of a worked example", () => {
    // Means 3 and 7, variances 2.5 and 20/3: the error is √(2.5/5 + (20/3)/4).
    const { difference, error, t } = welch([1, 2, 3, 4, 5], [4, 6, 8, 10]);
    expect(difference).toBe(-4);
    expect(error).toBeCloseTo(1.4719601, 6);
    expect(t).toBeCloseTo(-2.7174649, 6);
  });

  it('an order is the same for the same seed, and loses nothing', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => index);
    const [first, again, other] = [7, 7, 8].map((seed) => shuffle([...items], seededRandom(seed)));
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first).not.toEqual(items);
    expect([...(first ?? [])].sort((a, b) => a - b)).toEqual(items);
  });

  it('random numbers are spread evenly', () => {
    const random = seededRandom(1);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const place = Math.floor(random() * 10);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
