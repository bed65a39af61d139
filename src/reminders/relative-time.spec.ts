import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { relativeTime } from './relative-time.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('relativeTime', () => {
  const times: [number, string][] = [
    [30 * day, 'in 30 days'],
    [6 * day - 5_000, 'in 6 days'],
    [6 * day + 23 * hour + 59 * minute, 'in 7 days'],
    [6 * day + 22 * hour, 'in 6 days'],
    [2 * day, 'in 2 days'],
    [2 * day - 2 * hour, 'in 46 hours'],
    [day - 5_000, 'in 24 hours'],
    [5 * hour, 'in 5 hours'],
    [hour, 'in 1 hour'],
    [2 * minute, 'in 2 minutes'],
    [20_000, 'in less than a minute'],
    [0, 'just now'],
    [-20_000, 'just now'],
    [-minute, '1 minute ago'],
    [-36 * hour, '36 hours ago'],
    [-3 * day, '3 days ago'],
    [-200 * day, '200 days ago'],
  ];
  for (const [ms, words] of times) {
    it(`calls ${ms} ms "${words}"`, () => {
      expect(relativeTime(ms)).toBe(words);
    });
  }

  it('never promises more time than there is, but for a twenty-fourth of the unit', () => {
    const lengths: Record<string, number> = { day, hour, minute };
    fc.assert(
      fc.property(fc.integer({ min: minute, max: 400 * day }), (ms) => {
        const [, count, unit = ''] = /^in (\d+) (\w+?)s?$/.exec(relativeTime(ms)) ?? [];
        const length = lengths[unit] ?? 0;
        const promised = Number(count) * length;
        expect(promised).toBeLessThanOrEqual(ms + length / 24);
        expect(promised).toBeGreaterThan(ms - length);
      }),
    );
  });
});
