import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../common/errors.js';
import { findKey, writeKey } from './credentials.js';

const inAnyCase = (name: string) =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) =>
      [...name].map((char, index) => (upper[index] ? char.toUpperCase() : char)).join(''),
    );

type Header = [name: string, value: string];

const secret = fc.stringMatching(/^[!-~]{1,40}$/);
const bearerKey = fc
  .tuple(inAnyCase('authorization'), inAnyCase('bearer'), fc.constantFrom(' ', '   '), secret)
  .map(([name, scheme, gap, value]): [Header, string] => [
    [name, `${scheme}${gap}${value}`],
    value,
  ]);
const apiKey = fc
  .tuple(inAnyCase('x-api-key'), secret)
  .map(([name, value]): [Header, string] => [[name, value], value]);

const otherName = fc.constantFrom('host', 'x-api-keys', 'proxy-authorization', 'cookie', 'x-key');
// A value that looks like a header name must not count as one.
const value = fc.oneof(fc.string(), fc.constantFrom('authorization', 'x-api-key', ''));
const noKey: fc.Arbitrary<Header> = fc.oneof(
  fc.tuple(otherName, value),
  fc.tuple(inAnyCase('x-api-key'), fc.constantFrom('', ' ', '\t ')),
  fc.tuple(
    inAnyCase('authorization'),
    fc.constantFrom('', ' ', 'Basic a2Y6', 'kf_x', 'Bearerkf_x', 'Bearer-Token x', 'x Bearer y'),
  ),
);

/** These headers among others in one arbitrary order, as Node lists them. */
const mixed = (keys: Header[]) =>
  fc
    .array(noKey, { maxLength: 5 })
    .chain((others) => {
      const all = [...keys, ...others];
      return fc.shuffledSubarray(all, { minLength: all.length });
    })
    .map((pairs) => pairs.flat());

describe('the key that a request shows', () => {
  it('is the one in a header of ours, whatever the case, and whatever stands in others', () => {
    const one = fc.oneof(bearerKey, apiKey);
    const shown = one.chain(([header, expected]) =>
      fc.tuple(mixed([header]), fc.constant({ header, expected })),
    );
    fc.assert(
      fc.property(shown, ([rawHeaders, { header, expected }]) => {
        const strategy = /^x/i.test(header[0]) ? 'api-key' : 'bearer-key';
        expect(findKey(rawHeaders)).toEqual({ strategy, secret: expected });
      }),
    );
  });

  it('is refused when there is more than one, wherever they stand', () => {
    const several = fc
      .array(fc.oneof(bearerKey, apiKey), { minLength: 2, maxLength: 4 })
      .chain((keys) => mixed(keys.map(([header]) => header)));
    fc.assert(
      fc.property(several, (rawHeaders) => {
        expect(() => findKey(rawHeaders)).toThrow(new Problem('ambiguous_credentials'));
      }),
    );
  });

  it('is none where headers are empty, or of another scheme', () => {
    fc.assert(
      fc.property(mixed([]), (rawHeaders) => {
        expect(findKey(rawHeaders)).toBeUndefined();
      }),
    );
  });

  it('is a bad one where the scheme is ours and nothing follows it that is a key', () => {
    for (const header of ['Bearer', 'bearer ', 'Bearer\tkf_x', 'Bearer,kf_x', 'Bearer="kf_x"']) {
      expect(findKey(['Authorization', header])).toEqual({ strategy: 'bearer-key', secret: '' });
    }
    const twice = ['Authorization', 'Bearer Bearer kf_x'];
    expect(findKey(twice)).toEqual({ strategy: 'bearer-key', secret: 'Bearer kf_x' });
  });

  it('is what the strategy finds', () => {
    const headers = { authorization: 'Basic a2Y6', 'x-api-key': 'kf_x, ' };
    writeKey({ strategy: 'bearer-key', secret: 'kf_y' }, headers);
    expect(headers).toEqual({ authorization: 'Bearer kf_y', 'x-api-key': 'kf_x, ' });
    writeKey({ strategy: 'api-key', secret: 'kf_x' }, headers);
    expect(headers).toEqual({ authorization: 'Bearer kf_y', 'x-api-key': 'kf_x' });
  });
});
