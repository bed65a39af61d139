import { describe, it } from 'node:test';
import { expect } from 'expect';
import fc from 'fast-check';
import { Problem } from '../common/errors.js';
import { findCredential, normaliseScheme } from './credentials.js';

const inAnyCase = (name: string) =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) =>
      [...name].map((char, index) => (upper[index] ? char.toUpperCase() : char)).join(''),
    );
const credential = fc.oneof(inAnyCase('authorization'), inAnyCase('x-api-key'));
const otherHeader = fc.constantFrom('host', 'x-api-keys', 'proxy-authorization', 'cookie', 'x-key');
// A value that looks like a header name must not count as one.
const value = fc.oneof(fc.string(), fc.constantFrom('authorization', 'x-api-key', ''));
const pairsOf = (name: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.array(fc.tuple(name, value), { minLength, maxLength });

/** All of these headers in one arbitrary order, as Node lists them. */
const mixed = (credentials: fc.Arbitrary<[string, string][]>) =>
  fc
    .tuple(credentials, pairsOf(otherHeader, 0, 5))
    .chain(([some, others]) => {
      const all = [...some, ...others];
      return fc.shuffledSubarray(all, { minLength: all.length });
    })
    .map((pairs) => pairs.flat());

describe('the credential of a request', () => {
  it('is the one header that carries it, whatever the case of its name', () => {
    fc.assert(
      fc.property(mixed(pairsOf(credential, 1, 1)), (rawHeaders) => {
        const names = rawHeaders.filter((_, index) => index % 2 === 0);
        const isBearer = names.some((name) => name.toLowerCase() === 'authorization');
        expect(findCredential(rawHeaders)).toBe(isBearer ? 'bearer-key' : 'api-key');
      }),
    );
  });

  it('is refused when there is more than one, wherever they stand', () => {
    fc.assert(
      fc.property(mixed(pairsOf(credential, 2, 4)), (rawHeaders) => {
        expect(() => findCredential(rawHeaders)).toThrow(new Problem('ambiguous_credentials'));
      }),
    );
  });

  it('is missing when no header carries one', () => {
    fc.assert(
      fc.property(mixed(fc.constant([])), (rawHeaders) => {
        expect(findCredential(rawHeaders)).toBeUndefined();
      }),
    );
  });
});

describe('the scheme of Authorization', () => {
  it('means the same in every case, and nothing behind it changes', () => {
    fc.assert(
      fc.property(inAnyCase('bearer'), fc.string(), (scheme, rest) => {
        expect(normaliseScheme(`${scheme} k${rest}`)).toBe(`Bearer k${rest}`);
      }),
    );
  });

  it('stays as it is when it is another one, or none', () => {
    for (const header of ['Basic a2Y6', 'Bearerkf_x', 'Bearer', 'Bearer\tkf_x', 'x Bearer y', '']) {
      expect(normaliseScheme(header)).toBe(header);
    }
    expect(normaliseScheme(undefined)).toBeUndefined();
  });
});
