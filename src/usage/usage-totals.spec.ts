import { describe, expect, it } from '@jest/globals';
import type { KeyId } from '../common/ids.js';
import { newSecret } from '../common/secret.js';
import { UsageTotals, type DayOfUses } from './usage-totals.js';

const noon = Date.parse('2026-11-25T12:00:00Z');
const key = (n: number): KeyId => `key_${n}`;

/** Takes everything that was counted, in parts. */
function takeAll(totals: UsageTotals, max = 10): DayOfUses[] {
  totals.close();
  const parts: DayOfUses[] = [];
  for (let part = totals.take(max); part !== undefined; part = totals.take(max)) parts.push(part);
  return parts;
}

/** Adds one use each, and takes them. */
function taken(...uses: [ms: number, ip?: string, userAgent?: string][]) {
  const totals = new UsageTotals();
  for (const [ms, ip, userAgent] of uses) totals.add(key(1), new Date(noon + ms), ip, userAgent);
  return takeAll(totals);
}

describe('UsageTotals', () => {
  it('counts the uses of each key, and remembers the last one', () => {
    const totals = new UsageTotals();
    totals.add(key(1), new Date(noon), '192.0.2.1', 'curl');
    totals.add(key(2), new Date(noon + 1), undefined, undefined);
    totals.add(key(1), new Date(noon + 5), '192.0.2.2', 'wget');
    expect(takeAll(totals)).toEqual([
      {
        day: '2026-11-25',
        uses: [
          {
            keyId: key(1),
            count: 2,
            lastUsedAt: noon + 5,
            ip: '192.0.2.2',
            userAgent: 'wget',
          },
          {
            keyId: key(2),
            count: 1,
            lastUsedAt: noon + 1,
            ip: null,
            userAgent: null,
          },
        ],
      },
    ]);
  });

  it('hands everything over once', () => {
    const totals = new UsageTotals();
    totals.add(key(1), new Date(noon), undefined, undefined);
    expect(takeAll(totals)).toHaveLength(1);
    expect(takeAll(totals)).toEqual([]);
  });

  it('does not go back when an earlier use is added later', () => {
    const [day] = taken([5, '192.0.2.1', 'late'], [0, '192.0.2.2', 'early']);
    expect(day?.uses).toMatchObject([{ count: 2, ip: '192.0.2.1', userAgent: 'late' }]);
    expect(day?.uses[0]?.lastUsedAt).toBe(noon + 5);
  });

  it('parts the days at midnight UTC, whichever comes first', () => {
    const half = 12 * 3_600_000;
    const days = taken([half], [half - 1], [half + 1], [-half], [-half - 1]);
    expect(days.map(({ day, uses }) => [day, uses[0]?.count])).toEqual([
      ['2026-11-26', 2],
      ['2026-11-25', 2],
      ['2026-11-24', 1],
    ]);
  });

  it('parts what is more than fits into one flush', () => {
    const totals = new UsageTotals();
    for (let n = 0; n < 25; n += 1) totals.add(key(n), new Date(noon), undefined, undefined);
    const parts = takeAll(totals);
    expect(parts.map(({ uses }) => uses.length)).toEqual([10, 10, 5]);
    expect(new Set(parts.flatMap(({ uses }) => uses.map(({ keyId }) => keyId))).size).toBe(25);
  });

  it('leaves what comes after it was closed to the next time, and takes all before first', () => {
    const totals = new UsageTotals();
    const add = (n: number) => totals.add(key(n), new Date(noon), undefined, undefined);
    const taken = () => totals.take(1)?.uses.map(({ keyId, count }) => [keyId, count]);
    [1, 1, 2].map(add);
    totals.close();
    [1, 3].map(add);
    expect(taken()).toEqual([[key(1), 2]]);
    totals.close();
    expect([taken(), taken()]).toEqual([[[key(2), 1]], undefined]);
    totals.close();
    expect([taken(), taken(), taken()]).toEqual([[[key(1), 1]], [[key(3), 1]], undefined]);
  });

  it('has room for so many keys, and goes on counting those', () => {
    const totals = new UsageTotals(2);
    const add = (n: number) => totals.add(key(n), new Date(noon), undefined, undefined);
    expect([1, 2, 3, 1, 3].map(add)).toEqual([true, true, false, true, false]);
    const [day] = takeAll(totals);
    expect(day?.uses.map(({ keyId, count }) => [keyId, count])).toEqual([
      [key(1), 2],
      [key(2), 1],
    ]);
    expect(add(3)).toBe(true);
  });

  const userAgents: Record<string, [string, string | null]> = {
    'is kept': ['naïve/1.0 🚀', 'naïve/1.0 🚀'],
    'is cut when it is long': ['é'.repeat(10_000), 'é'.repeat(256)],
    'keeps no half of a character that was cut': ['x'.repeat(255) + '🚀', `${'x'.repeat(255)} `],
    'keeps no character that cannot be stored': ['a\u0000b\ud800c\u001b[2J', 'a b c [2J'],
    'is left out when it carries a key': [`my ${newSecret('kf')}`, null],
    'is left out when the cut goes through a key': ['x'.repeat(212) + newSecret('kf'), null],
    'can be empty': ['', ''],
  };
  for (const [what, [given, kept]] of Object.entries(userAgents)) {
    it(`a User-Agent ${what}`, () => {
      expect(taken([0, undefined, given])[0]?.uses[0]?.userAgent).toBe(kept);
    });
  }

  it('an IPv4 address in IPv6 is the IPv4 address, and what is none is left out', () => {
    const ipOf = (ip: string) => taken([0, ip])[0]?.uses[0]?.ip;
    expect(ipOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(ipOf('not an address')).toBeNull();
  });
});
