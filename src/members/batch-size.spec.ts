import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchSize, mostKeys } from './batch-size.js';

describe('the size of a batch', () => {
  it('fits into ten milliseconds, by what the last one took', () => {
    expect(batchSize(50, 14)).toBe(35);
    expect(batchSize(35, 10)).toBe(35);
    expect(batchSize(25, 6)).toBe(41);
  });

  it('is never so small that it makes no progress, nor larger than what others may wait for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, noNaN: true }),
        (size, ms) => {
          const next = batchSize(size, ms);
          expect(next).toBeGreaterThanOrEqual(25);
          expect(next).toBeLessThanOrEqual(mostKeys);
        },
      ),
    );
  });
});
