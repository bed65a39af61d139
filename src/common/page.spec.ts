import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from './errors.js';
import { Instant, OneOf, Optional, Text } from './fields.js';
import { isInstant, PageQuery, readCursor, toPage, type Position } from './page.js';

class Query extends PageQuery {
  @Optional()
  @Text(100)
  search?: string;

  @Optional()
  @Instant()
  from?: Date;

  @Optional()
  @OneOf(['asc', 'desc'])
  order?: 'asc' | 'desc';
}

const asking = (query: Partial<Query> = {}) => Object.assign(new Query(), query);
const any = () => true;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The cursor of a page that ends with this row. */
const cursorAt = (position: Position, asked: Partial<Query> = {}): string => {
  const query = asking({ ...asked, limit: 1 });
  return toPage([0, 1], query, String, () => position).nextCursor ?? '';
};
const positionIn = (cursor: string) => readCursor(Query, asking({ cursor }), any).after;
/** Texts such as the service stores: without control characters and halves of surrogate pairs. */
const value = fc.string({ unit: 'grapheme', maxLength: 100 });
const id = fc.string({ unit: fc.constantFrom(...'abc_0123'), maxLength: 64 });

describe('a cursor', () => {
  it('is read back as it was written, with what was asked for', () => {
    fc.assert(
      fc.property(value, id, (text, rowId) => {
        const position = { value: text, id: rowId };
        const asked = { search: 'a', from: new Date(0), order: 'desc' } as const;
        const cursor = cursorAt(position, asked);
        const { query, after } = readCursor(Query, asking({ cursor, limit: 7 }), any);
        expect(after).toEqual(position);
        expect(query).toMatchObject({ ...asked, limit: 7 });
      }),
    );
  });

  it('can stand in a URL as it is', () => {
    fc.assert(
      fc.property(value, id, (text, rowId) => {
        expect(cursorAt({ value: text, id: rowId })).toMatch(/^[\w-]*$/);
      }),
    );
  });

  it('fits into the query for the longest name and the longest search', () => {
    for (const longest of ['"'.repeat(100), '🔑'.repeat(100)]) {
      const position = { value: longest, id: `key_${'0'.repeat(26)}` };
      expect(cursorAt(position, { search: longest }).length).toBeLessThan(2_000);
    }
  });

  it('goes with what was asked for, and with nothing else', () => {
    const asked = { search: 'a', from: new Date(0) };
    const cursor = cursorAt({ value: '', id: 'a' }, asked);
    expect(readCursor(Query, asking({ ...asked, cursor }), any).query).toMatchObject(asked);
    for (const other of [{ search: 'b' }, { from: new Date(1) }, { order: 'asc' as const }]) {
      expect(() => readCursor(Query, asking({ ...other, cursor }), any)).toThrow(Problem);
    }
  });

  it('is a position or a refusal, whatever a client makes of it', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.array(fc.anything()).map(encode),
      fc.tuple(fc.string(), fc.string(), fc.object()).map(encode),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(positionIn(text)).toEqual({ value: expect.any(String), id: expect.any(String) });
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          expect(error).toMatchObject({ code: 'invalid_request' });
        }
      }),
    );
  });

  for (const [what, asked] of Object.entries({
    'an unknown field': { strange: 1 },
    'a value that no query can have': { order: 'up' },
    'a cursor of its own': { cursor: 'a' },
    'a list': [],
    nothing: null,
  })) {
    it(`is refused if it carries ${what}`, () => {
      expect(() => positionIn(encode(['a', 'b', asked]))).toThrow(Problem);
    });
  }

  it('is refused when its value is not of the form that the list sorts by', () => {
    const cursor = cursorAt({ value: 'a name', id: 'key_0' });
    expect(() => readCursor(Query, asking({ cursor }), isInstant)).toThrow(Problem);
  });

  it('is refused with characters that PostgreSQL cannot store', () => {
    for (const text of ['\u0000', 'a\u0000b', '\ud800', 'a\udc00']) {
      expect(() => positionIn(encode([text, 'a', {}]))).toThrow(Problem);
      expect(() => positionIn(encode(['a', text, {}]))).toThrow(Problem);
    }
  });

  it('is none at all when the client sent none', () => {
    const query = asking({ search: 'a' });
    expect(readCursor(Query, query, () => false)).toEqual({ query, after: undefined });
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
          const page = toPage(rows, asking({ limit }), (row) => row, position);
          expect(page.items).toEqual(rows.slice(0, limit));
          const next = rows.length > limit ? cursorAt(position(limit - 1)) : null;
          expect(page.nextCursor).toBe(next);
        },
      ),
    );
  });
});
