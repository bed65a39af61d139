import { describe, expect, it } from '@jest/globals';
import { retryAfterSeconds } from './retry-after.js';

const now = new Date('2026-11-29T12:00:00Z');

describe('Retry-After', () => {
  for (const [value, expected] of [
    ['0', 0],
    ['120', 120],
    ['3600', 3_600],
    ['Sun, 29 Nov 2026 12:02:00 GMT', 120],
    ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ] as const) {
    it(`of ${value} is ${expected} seconds`, () => {
      expect(retryAfterSeconds(value, now)).toBe(expected);
    });
  }

  for (const value of ['3601', '9'.repeat(400), 'Mon, 30 Nov 2026 12:00:00 GMT']) {
    it(`of ${value.slice(0, 40)} is an hour: nobody puts us off for longer`, () => {
      expect(retryAfterSeconds(value, now)).toBe(3_600);
    });
  }

  for (const value of [undefined, '', '-5', '1.5', 'soon', 'NaN', 'Xxx, 99 Foo GMT', '120, 240']) {
    it(`of ${String(value)} says nothing`, () => {
      expect(retryAfterSeconds(value, now)).toBe(0);
    });
  }
});
