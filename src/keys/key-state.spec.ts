import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyState, keyStates } from './key-state.js';

const instant = fc.date({ noInvalidDate: true });
const maybe = fc.option(instant);

describe('the state of a key', () => {
  it('is revoked once it is revoked, whatever its expiry and the time', () => {
    fc.assert(
      fc.property(instant, maybe, instant, (revokedAt, expiresAt, now) => {
        expect(keyState({ revokedAt, expiresAt }, now)).toBe('revoked');
      }),
    );
  });

  it('is active permanently without expiry and revocation', () => {
    fc.assert(
      fc.property(instant, (now) => {
        expect(keyState({ revokedAt: null, expiresAt: null }, now)).toBe('active');
      }),
    );
  });

  it('is active up to its expiry, and expired from that very instant on', () => {
    fc.assert(
      fc.property(instant, instant, (expiresAt, now) => {
        const expected = now.getTime() < expiresAt.getTime() ? 'active' : 'expired';
        expect(keyState({ revokedAt: null, expiresAt }, now)).toBe(expected);
      }),
    );
    const at = new Date('2027-01-31T00:00:00.000Z');
    const before = new Date(at.getTime() - 1);
    expect(keyState({ revokedAt: null, expiresAt: at }, before)).toBe('active');
    expect(keyState({ revokedAt: null, expiresAt: at }, at)).toBe('expired');
  });

  it('never becomes better as time goes by', () => {
    fc.assert(
      fc.property(maybe, maybe, instant, instant, (revokedAt, expiresAt, a, b) => {
        const [earlier, later] = a <= b ? [a, b] : [b, a];
        const rank = (now: Date) => keyStates.indexOf(keyState({ revokedAt, expiresAt }, now));
        expect(rank(later)).toBeGreaterThanOrEqual(rank(earlier));
      }),
    );
  });
});
