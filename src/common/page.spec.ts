import { describe, it } from 'node:test';
import { expect } from 'expect';
import fc from 'fast-check';
import { Problem } from './errors.js';
import { decodeCursor, encodeCursor, isInstant, toPage } from './page.js';

const any = () => true;
/** Texts such as the service stores: without control characters and halves of surrogate pairs. */
const value = fc.string({ unit: 'grapheme', maxLength: 100 });
const id = fc.string({ unit: fc.constantFrom(...'abc_0123'), maxLength: 64 });

describe('a cursor', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(value, id, (text, rowId) => {
        const position = { value: text, id: rowId };
        expect(decodeCursor(encodeCursor(position), any)).toEqual(position);
      }),
    );
  });

  it('can stand in a URL as it is', () => {
    fc.assert(
      fc.property(value, id, (text, rowId) => {
        expect(encodeCursor({ value: text, id: rowId })).toMatch(/^[\w-]*$/);
      }),
    );
  });

  it('fits into the query for the longest name that a key can have', () => {
    const longest = { value: '"'.repeat(100), id: `key_${'0'.repeat(26)}` };
    expect(encodeCursor(longest).length).toBeLessThan(1_000);
    expect(encodeCursor({ ...longest, value: '🔑'.repeat(100) }).length).toBeLessThan(1_000);
  });

  it('is a position or a refusal, whatever a client makes of it', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc
        .array(fc.anything())
        .map((list) => Buffer.from(JSON.stringify(list)).toString('base64url')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const found = decodeCursor(text, any);
          expect(found).toEqual({ value: expect.any(String), id: expect.any(String) });
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          expect(error).toMatchObject({ code: 'invalid_request' });
        }
      }),
    );
  });

  it('is refused when its value is not of the form that the list sorts by', () => {
    const cursor = encodeCursor({ value: 'a name', id: 'key_0' });
    expect(() => decodeCursor(cursor, isInstant)).toThrow(Problem);
  });

  it('is refused with characters that PostgreSQL cannot store', () => {
    for (const text of ['\u0000', 'a\u0000b', '\ud800', 'a\udc00']) {
      expect(() => decodeCursor(encodeCursor({ value: text, id: 'a' }), any)).toThrow(Problem);
      expect(() => decodeCursor(encodeCursor({ value: 'a', id: text }), any)).toThrow(Problem);
    }
  });

  it('is none at all when the client sent none', () => {
    expect(decodeCursor(undefined, () => false)).toBeUndefined();
  });
});

describe('an instant', () => {
  it('is every one of the years 1 to 9999, as Date writes it', () => {
    const min = new Date('0001-01-01T00:00:00.000Z');
    const max = new Date('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), (at) => isInstant(at.toISOString())),
    );
    expect(isInstant(min.toISOString()) && isInstant(max.toISOString())).toBe(true);
  });

  for (const text of [
    '',
    'now',
    'infinity',
    '2027-01-31',
    '2027-01-31T12:00:00Z',
    '2027-01-31T12:00:00.000',
    '2027-01-31T12:00:00.000+00:00',
    '2027-01-31 12:00:00.000Z',
    '2027-02-29T12:00:00.000Z',
    '2027-02-30T12:00:00.000Z',
    '2027-04-31T12:00:00.000Z',
    '2027-13-01T12:00:00.000Z',
    '2027-01-00T12:00:00.000Z',
    '2027-01-31T24:00:00.000Z',
    '2027-01-31T12:60:00.000Z',
    '2027-01-31T12:00:60.000Z',
    '0000-01-01T00:00:00.000Z',
    '+010000-01-01T00:00:00.000Z',
    '-000001-01-01T00:00:00.000Z',
    ' 2027-01-31T12:00:00.000Z',
    '2027-01-31T12:00:00.000Z\n',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(isInstant(text)).toBe(false);
    });
  }
});

describe('a page', () => {
  const position = (row: number) => ({ value: String(row), id: String(row) });

  it('shows at most as many rows as were asked for, and a cursor only if there are more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 11 }),
        (limit, found) => {
          const rows = Array.from({ length: Math.min(found, limit + 1) }, (_, index) => index);
          const page = toPage(rows, limit, (row) => row, position);
          expect(page.items).toEqual(rows.slice(0, limit));
          const next = rows.length > limit ? encodeCursor(position(limit - 1)) : null;
          expect(page.nextCursor).toBe(next);
        },
      ),
    );
  });
});
