import { describe, expect, it } from '@jest/globals';
import { Part, received, Whole } from '../../test/support/whole.js';
import { Address, Characters, IdOf, ListOf, Nested, NotEmpty, Optional, Text } from './fields.js';
import type { UserId } from './ids.js';
import { quickCheckOf } from './quick-check.js';
import { read, Unreadable } from './reading.js';

/** What is wrong with this value in JSON, and why. */
const flawsOf = (type: new () => object, value: unknown): string[] =>
  flawsIn(type, JSON.stringify(value));

function flawsIn(type: new () => object, json: string | undefined): string[] {
  try {
    read(type, json === undefined ? undefined : received(json));
  } catch (error) {
    if (error instanceof Unreadable)
      return error.flaws.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const part = { count: 1, note: null };

/** Names that all objects have, or that have a meaning to the code that reads them. */
const strange = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'prototype',
  'toString',
  'then',
  '__defineGetter__',
];

/** As `JSON.parse` makes it: `__proto__` is a field like any other. */
const withField = (object: object, name: string, value: unknown) =>
  JSON.parse(
    `${JSON.stringify(object).slice(0, -1)},"${name}":${JSON.stringify(value)}}`,
  ) as object;

describe('reading what came from outside', () => {
  it('makes instances of the classes, at all depths', () => {
    const whole = read(Whole, { name: ' x ', parts: [part] });
    expect(whole).toBeInstanceOf(Whole);
    expect(whole.parts[0]).toBeInstanceOf(Part);
    expect({ ...whole }).toEqual({ name: 'x', letter: 'a', parts: [part] });
  });

  it('leaves a field away that was left out', () => {
    expect(Object.keys(read(Whole, { parts: [] })).sort()).toEqual(['letter', 'parts']);
  });

  it('tells null from what was left out', () => {
    expect(flawsOf(Whole, { name: null, letter: null, parts: [{ count: 1 }] })).toEqual([
      'name: must be text',
      'letter: must be one of a, b',
      'parts.0.note: must be text',
    ]);
  });

  it('tells the place of what is wrong in a list', () => {
    const value = { parts: [part, { count: -1, note: null }, 7], words: ['abc', 'abcd', null] };
    expect(flawsOf(Whole, value).map((flaw) => flaw.split(':')[0])).toEqual([
      'parts.2',
      'parts.1.count',
      'words.1',
      'words.2',
    ]);
  });

  for (const value of [undefined, null, [], [{ parts: [] }], 'x', 1]) {
    it(`refuses ${JSON.stringify(value)}, which is no object`, () => {
      expect(flawsOf(Whole, value)).toEqual([': must be an object']);
    });
  }

  for (const name of strange) {
    it(`refuses an unknown field ${name}, at all depths`, () => {
      for (const value of [1, {}, null, 'x']) {
        expect(flawsOf(Whole, withField({ parts: [] }, name, value))).toEqual([
          `: unknown field ${name}`,
        ]);
        expect(flawsOf(Whole, { parts: [part, withField(part, name, value)] })).toEqual([
          `parts.1: unknown field ${name}`,
        ]);
      }
    });
  }

  it('goes no deeper than the class does', () => {
    const deep = `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    const json = `{ "name": ${deep}, "parts": ${deep}, "words": [${deep}], "further": ${deep} }`;
    expect(flawsIn(Whole, json)).toEqual([
      'name: must be text',
      'parts.0.count: must be a whole number from 0 to 9007199254740991',
      'parts.0.note: must be text',
      'words.0: must be text',
      'parts.0: unknown field a',
      ': unknown field further',
    ]);
  });

  it('asks for several fields together once each of them is good', () => {
    @NotEmpty()
    class Change {
      @Optional()
      @Text(10)
      name?: string;
    }
    expect(flawsOf(Change, {})).toEqual([': must change something']);
    expect(flawsOf(Change, { name: 1 })).toEqual(['name: must be text']);
    expect(flawsOf(Change, { name: 'x' })).toEqual([]);
  });
});

describe('the quick check', () => {
  class Exact {
    @Characters('', 3)
    text!: string;

    @Optional()
    @Address()
    ip?: string;

    @Optional()
    @ListOf(IdOf('usr'))
    ids?: UserId[];

    @Optional()
    @Nested(Part)
    part?: Part;
  }
  const isGood = quickCheckOf(Exact);
  const values = [
    {},
    { text: 'abc' },
    { text: '🔑🔑🔑' },
    { text: '🔑🔑🔑🔑' },
    { text: 1 },
    { text: 'a', ip: '::1' },
    { text: 'a', ip: 'fe80::1%eth0' },
    { text: 'a', ip: '10.0.0.256' },
    { text: 'a', ip: null },
    { text: 'a', ids: ['usr_2x7tq9c0hs8yd4fk1mw6gz3bna'] },
    { text: 'a', ids: ['usr_2x7tq9c0hs8yd4fk1mw6gz3bna', 'x'] },
    { text: 'a', part },
    { text: 'a', part: { ...part, more: 1 } },
    { text: 'a', part: null },
    { text: 'a', further: 1 },
    ...strange.map((name) => withField({ text: 'a' }, name, {})),
    null,
    [],
    'x',
  ];
  for (const value of values) {
    it(`says of ${JSON.stringify(value)} what reading says`, () => {
      expect(isGood(value)).toBe(flawsOf(Exact, value).length === 0);
    });
  }

  it('is not made of a class that converts, sets or forbids more than its schema says', () => {
    expect(() => quickCheckOf(Whole)).toThrow('does not express everything');
  });
});
