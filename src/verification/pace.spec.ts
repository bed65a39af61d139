import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pace } from './pace.js';

/** Sends as often as it may, when somebody asks; returns when. Queries take as long as they are given. */
function run(asked: readonly number[], durationOf: (nth: number) => number): number[] {
  const pace = new Pace(3);
  const sent: number[] = [];
  const ends: number[] = [];
  let now = 0;
  for (const at of asked) {
    now = Math.max(now, at);
    for (;;) {
      const underWay = ends.filter((end) => end > now);
      const ms = pace.delay(now, underWay.length);
      if (ms === 0) break;
      now = Math.min(now + Math.max(ms, 1e-6), ...underWay);
    }
    pace.count(now);
    sent.push(now);
    ends.push(now + durationOf(sent.length));
  }
  return sent;
}

const most = (sent: readonly number[], ms: number) =>
  Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + ms).length));

describe('the pace of the fence', () => {
  it('is a query in each millisecond on average, and 20 more after a pause', () => {
    const asked = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 400 });
    const duration = fc.double({ min: 0.01, max: 5, noNaN: true });
    fc.assert(
      fc.property(asked, duration, (times, ms) => {
        const sent = run(
          times.sort((a, b) => a - b),
          () => ms,
        );
        expect(most(sent, 100)).toBeLessThanOrEqual(120);
      }),
    );
    const busy = run(Array<number>(3_000).fill(0), () => 0.1);
    expect(most(busy, 1_000)).toBeLessThanOrEqual(1_020);
    expect(most(busy, 1_000)).toBeGreaterThan(1_000);
  });

  it('lets a query go at once after a pause, beside another one after a millisecond', () => {
    const pace = new Pace(3);
    expect(pace.delay(500, 0)).toBe(0);
    pace.count(500);
    expect(pace.delay(500.25, 0)).toBe(0);
    expect(pace.delay(500.25, 1)).toBe(0.75);
    expect(pace.delay(501, 1)).toBe(0);
  });

  it('lets a third one go when two seem to hang, and no further one', () => {
    const pace = new Pace(3);
    pace.count(0);
    pace.count(2);
    expect(pace.delay(3, 2)).toBe(99);
    expect(pace.delay(102, 2)).toBe(0);
    expect(pace.delay(1_000, 3)).toBe(Infinity);
    expect(new Pace(2).delay(1_000, 2)).toBe(Infinity);
  });
});
