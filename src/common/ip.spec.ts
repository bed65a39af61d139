import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientNetwork, isAddressIn, isRangeIn, normaliseAddress, parseCidr } from './ip.js';

/** An address as a number of 32 or 128 bits. The oracle below knows no other form. */
interface Plain {
  family: 4 | 6;
  bits: bigint;
}
interface PlainRange extends Plain {
  prefix: number;
}

const widthOf = ({ family }: Plain) => (family === 4 ? 32 : 128);

function write({ family, bits }: Plain): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, at) => (bits >> BigInt(112 - 16 * at)) & 0xffffn);
  return groups.map((group) => group.toString(16)).join(':');
}

const writeRange = (range: PlainRange) => `${write(range)}/${range.prefix}`;

const mapped = (address: Plain): Plain => ({ family: 6, bits: 0xffffn * 2n ** 32n + address.bits });

/** Whether the address is in the range, found by enumerating the range. */
function contains(range: PlainRange, address: Plain): boolean {
  if (range.family !== address.family) return false;
  const size = 2n ** BigInt(widthOf(range) - range.prefix);
  for (let at = range.bits; at < range.bits + size; at += 1n) if (at === address.bits) return true;
  return false;
}

/** Every address of a range. */
function all({ family, bits, prefix }: PlainRange): Plain[] {
  const size = 2 ** ((family === 4 ? 32 : 128) - prefix);
  return Array.from({ length: size }, (_, at) => ({ family, bits: bits + BigInt(at) }));
}

/** Few addresses, so that ranges often meet: they differ in the last six bits only. */
const near = (family: 4 | 6): fc.Arbitrary<Plain> => {
  const base = family === 4 ? 0x0a00_0000n : 0x2001_0db8n << 96n;
  return fc.bigInt({ min: 0n, max: 63n }).map((low) => ({ family, bits: base + low }));
};

const smallRange = (family: 4 | 6): fc.Arbitrary<PlainRange> =>
  fc.tuple(near(family), fc.integer({ min: 0, max: 6 })).map(([{ bits }, host]) => ({
    family,
    prefix: (family === 4 ? 32 : 128) - host,
    bits: (bits >> BigInt(host)) << BigInt(host),
  }));

const family = fc.constantFrom<4 | 6>(4, 6);
const addressNear = family.chain(near);
const rangeNear = family.chain(smallRange);

const anyAddress: fc.Arbitrary<Plain> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits) => ({ family: 4 as const, bits })),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits) => ({ family: 6 as const, bits })),
);
/** IPv4-mapped addresses are IPv4. */
const isMapped = ({ family: kind, bits }: Plain) => kind === 6 && bits >> 32n === 0xffffn;

describe('the addresses of a range', () => {
  it('are those that counting through it finds', () => {
    fc.assert(
      fc.property(rangeNear, addressNear, (range, address) => {
        expect(isAddressIn(write(address), [writeRange(range)])).toBe(contains(range, address));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are the same when they are written as IPv4-mapped IPv6', () => {
    fc.assert(
      fc.property(smallRange(4), near(4), (range, address) => {
        const expected = contains(range, address);
        const mappedRange = `${write(mapped(range))}/${range.prefix + 96}`;
        for (const text of [write(mapped(address)), `::ffff:${write(address)}`, write(address)]) {
          expect(isAddressIn(text, [writeRange(range)])).toBe(expected);
          expect(isAddressIn(text, [mappedRange])).toBe(expected);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a list are those of any range in it, and an empty list has none', () => {
    fc.assert(
      fc.property(fc.array(rangeNear, { maxLength: 4 }), addressNear, (ranges, address) => {
        const expected = ranges.some((range) => contains(range, address));
        expect(isAddressIn(write(address), ranges.map(writeRange))).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are all of one family in the range of everything, and none of the other', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const isIPv4 = address.family === 4 || isMapped(address);
        expect(isAddressIn(write(address), ['0.0.0.0/0'])).toBe(isIPv4);
        expect(isAddressIn(write(address), ['::/0'])).toBe(!isIPv4);
      }),
    );
  });

  it('do not include an unknown address, nor what is none', () => {
    const everything = ['0.0.0.0/0', '::/0'];
    for (const text of [undefined, '', 'unknown', '10.0.0.0/8', '10.1', '0x0a000001', '::1%lo']) {
      expect(isAddressIn(text, everything)).toBe(false);
    }
  });
});

describe('a range within a range', () => {
  it('has no address outside it, as counting through both finds', () => {
    fc.assert(
      fc.property(rangeNear, rangeNear, (inner, outer) => {
        const expected = all(inner).every((address) => contains(outer, address));
        expect(isRangeIn(writeRange(inner), [writeRange(outer)])).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('of a list has no address outside the list', () => {
    fc.assert(
      fc.property(rangeNear, fc.array(rangeNear, { maxLength: 4 }), (inner, outer) => {
        fc.pre(isRangeIn(writeRange(inner), outer.map(writeRange)));
        for (const address of all(inner)) {
          expect(isAddressIn(write(address), outer.map(writeRange))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('contains itself, and orders ranges: within what is within is within', () => {
    fc.assert(
      fc.property(rangeNear, rangeNear, rangeNear, (a, b, c) => {
        const [first, second, third] = [a, b, c].map(writeRange) as [string, string, string];
        expect(isRangeIn(first, [first])).toBe(true);
        if (isRangeIn(first, [second]) && isRangeIn(second, [third])) {
          expect(isRangeIn(first, [third])).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('must be in one single range: two halves are not taken for a whole', () => {
    expect(isRangeIn('10.0.0.0/24', ['10.0.0.0/25', '10.0.0.128/25'])).toBe(false);
  });

  it('knows IPv4-mapped ranges, and never mixes the families', () => {
    expect(isRangeIn('::ffff:10.0.0.0/120', ['10.0.0.0/24'])).toBe(true);
    expect(isRangeIn('10.0.0.0/24', ['::ffff:10.0.0.0/120'])).toBe(true);
    expect(isRangeIn('10.0.0.0/24', ['::/0'])).toBe(false);
    expect(isRangeIn('::ffff:0:0/96', ['::/0'])).toBe(false);
    expect(isRangeIn('::/0', ['0.0.0.0/0'])).toBe(false);
  });
});

describe('the canonical form', () => {
  it('of a range means the same range, and is its own canonical form', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(128), (address, length) => {
        const width = widthOf(address);
        const host = BigInt(length % (width + 1));
        const range = {
          ...address,
          bits: (address.bits >> host) << host,
          prefix: width - Number(host),
        };
        fc.pre(!(range.family === 6 && range.prefix < 96 && isMapped(range)));
        const canonical = parseCidr(writeRange(range)) ?? '';
        expect(parseCidr(canonical)).toBe(canonical);
        expect(isRangeIn(canonical, [writeRange(range)])).toBe(true);
        expect(isRangeIn(writeRange(range), [canonical])).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses a range with host bits, for it is unclear what was meant', () => {
    fc.assert(
      fc.property(near(4), fc.integer({ min: 1, max: 6 }), (address, host) => {
        const isNetwork = address.bits % 2n ** BigInt(host) === 0n;
        const text = `${write(address)}/${32 - host}`;
        expect(parseCidr(text)).toBe(isNetwork ? text : undefined);
      }),
    );
  });

  for (const [text, expected] of Object.entries({
    '10.0.0.1': '10.0.0.1/32',
    '10.0.0.0/8': '10.0.0.0/8',
    '0.0.0.0/0': '0.0.0.0/0',
    '::': '::/128',
    '::/0': '::/0',
    '2001:DB8:0:0:0:0:0:0/32': '2001:db8::/32',
    '::ffff:192.0.2.1': '192.0.2.1/32',
    '::FFFF:c000:0201/128': '192.0.2.1/32',
    '::ffff:192.0.2.0/120': '192.0.2.0/24',
    '::ffff:0:0/96': '0.0.0.0/0',
    '1::192.0.2.1': '1::c000:201/128',
  })) {
    it(`of ${text} is ${expected}`, () => {
      expect(parseCidr(text)).toBe(expected);
    });
  }

  for (const text of [
    '',
    '/',
    '/8',
    '10',
    '10.1',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '10.0.0.-1',
    '010.0.0.0',
    '0x0a.0.0.0',
    '167772160',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/08',
    '10.0.0.0/8.0',
    '10.0.0.0/8 ',
    ' 10.0.0.0/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/8/8',
    '10.0.0.0-10.0.0.9',
    '10.0.0.*',
    '::/129',
    ':::',
    '1::2::3',
    '12345::',
    '::g',
    'fe80::1%eth0',
    '[::1]',
    '::ffff:0:0/95',
    '::ffff:10.0.0.0/8',
    '::192.0.2.1',
    '::ffff:010.0.0.1',
    '::ffff:0x0a.0.0.1',
    'localhost',
  ]) {
    it(`is not there for ${JSON.stringify(text)}`, () => {
      expect(parseCidr(text)).toBeUndefined();
    });
  }

  it('of an address is the same however it was written', () => {
    for (const text of [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '::FFFF:C000:201',
      '0:0:0:0:0:ffff:c000:201',
    ]) {
      expect(normaliseAddress(text)).toBe('192.0.2.1');
    }
    expect(normaliseAddress('2001:DB8:0::0:1')).toBe('2001:db8::1');
    expect(normaliseAddress('192.0.2.1/32')).toBeUndefined();
    expect(normaliseAddress(undefined)).toBeUndefined();
  });
});

describe('the network of a client', () => {
  it('is the address itself in IPv4, also where it is written as IPv6', () => {
    for (const text of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201']) {
      expect(clientNetwork(text)).toBe('192.0.2.1');
    }
  });

  it('is the same for all of a /64, and for nothing else', () => {
    for (const text of ['2001:db8:1:2::', '2001:DB8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff']) {
      expect(clientNetwork(text)).toBe('2001:db8:1:2::/64');
    }
    expect(clientNetwork('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64');
    expect(clientNetwork('::1')).toBe('::/64');
  });

  it('is not known of what is no address', () => {
    for (const text of [undefined, '', 'unknown', '192.0.2.1:80', '192.0.2.0/24', 'fe80::1%eth0']) {
      expect(clientNetwork(text)).toBeUndefined();
    }
  });
});
