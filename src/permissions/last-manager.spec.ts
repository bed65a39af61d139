import { describe, expect, it } from '@jest/globals';
import { isLastManager } from './last-manager.js';

describe('the last manager', () => {
  const last = (isPerson: boolean, others: number, otherPersons: number, isActive = true) =>
    isLastManager({ isActive, isPerson, others, otherPersons });

  it('is the last person who manages, whatever accounts do, too', () => {
    expect(last(true, 0, 0)).toBe(true);
    expect(last(true, 3, 0)).toBe(true);
    expect(last(true, 3, 1)).toBe(false);
  });

  it('is the last account where no person manages', () => {
    expect(last(false, 0, 0)).toBe(true);
    expect(last(false, 1, 0)).toBe(false);
    expect(last(false, 1, 1)).toBe(false);
  });

  it('is nobody who is deactivated', () => {
    expect(last(true, 0, 0, false)).toBe(false);
    expect(last(false, 0, 0, false)).toBe(false);
  });
});
