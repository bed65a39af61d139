import { describe, expect, it } from '@jest/globals';
import { TimeOrder } from './time-order.js';

const noon = Date.parse('2026-11-02T12:00:00Z');
const minute = 60_000;

/** The finding for a chain whose events have these times. */
function found(...times: number[]): string | undefined {
  const order = new TimeOrder();
  times.forEach((time, index) => {
    order.add(index + 1, `aud_${index + 1}`, time);
  });
  return order.finding;
}

describe('The order of times', () => {
  it('is right where each event is as old as the one before it, or younger', () => {
    expect(found()).toBeUndefined();
    expect(found(noon, noon, noon + 1, noon + 1_000 * minute)).toBeUndefined();
    expect(found(-5, 0, 5)).toBeUndefined();
  });

  it('lets transactions commit in another order than they began', () => {
    expect(found(noon, noon - 10 * minute, noon + 1)).toBeUndefined();
  });

  it('names the first event that is too old, and counts the others', () => {
    const first =
      'row 2: event aud_2 has the time 2026-11-02T11:49:59.999Z, but row 1 before it was written at ' +
      '2026-11-02T12:00:00.000Z: it was added later than it says, or the clock of the database was set back';
    expect(found(noon, noon - 10 * minute - 1, noon)).toBe(first);
    expect(found(noon, noon - 10 * minute - 1, 0, noon, 1)).toBe(`${first} (and 2 more)`);
  });

  it('is not walked back in small steps', () => {
    const steps = [0, 9, 18, 27].map((minutes) => noon - minutes * minute);
    expect(found(...steps)).toMatch(/^row 3: .* \(and 1 more\)$/);
  });

  it('names times that are none, and goes on with those that are', () => {
    expect(found(Infinity, noon, noon)).toMatch(
      /^row 1: event aud_1 has the time \(invalid\), but no event can have that/,
    );
    expect(found(noon, -Infinity, noon)).toMatch(/^row 2: .* set back$/);
    expect(found(noon, Number.NaN)).toMatch(/^row 2: /);
  });
});
