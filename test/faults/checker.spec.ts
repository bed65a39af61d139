import { describe, expect, it } from '@jest/globals';
import { check } from './checker.js';
import type { Change, Line, Reading, Subject, Trouble } from './history.js';

const key: Subject = {
  type: 'key',
  id: 'k',
  needs: ['key', 'org'],
  permissions: { 'data:write': ['grants'] },
};

const change = (begin: number, end: number | null, rest: Partial<Change>): Change => ({
  type: 'change',
  kind: 'some change',
  target: 't',
  node: 0,
  begin,
  end,
  result: end === null ? 'unknown' : 'ok',
  attempts: 1,
  status: undefined,
  on: [],
  off: [],
  authSeq: undefined,
  ...rest,
});
const reading = (begin: number, end: number, rest: Partial<Reading>): Reading => ({
  type: 'read',
  kind: 'verify',
  key: 'k',
  node: 0,
  begin,
  end,
  result: 'valid',
  status: 200,
  holds: [],
  lacks: [],
  authSeq: undefined,
  ...rest,
});
const valid = (begin: number, end: number, rest: Partial<Reading> = {}) =>
  reading(begin, end, rest);
const invalid = (begin: number, end: number, rest: Partial<Reading> = {}) =>
  reading(begin, end, { result: 'invalid', ...rest });
const off = (begin: number, end: number | null, name = 'key', rest: Partial<Change> = {}) =>
  change(begin, end, { off: [name], ...rest });
const on = (begin: number, end: number | null, name = 'key', rest: Partial<Change> = {}) =>
  change(begin, end, { on: [name], ...rest });

const rules = (...lines: Line[]) => check([key, ...lines]).map(({ rule }) => rule);

describe('a history is sound when', () => {
  const histories: Record<string, Line[]> = {
    'nothing happens to the key': [valid(1, 2), valid(2, 3)],
    'a request that began before the revoke returned is accepted': [off(1, 5), valid(4, 9)],
    'a request is refused while the revoke runs': [off(1, 5), invalid(2, 3), invalid(6, 7)],
    'accepts and refusals overlap while a change runs': [off(1, 9), invalid(2, 6), valid(3, 7)],
    'what was suspended is accepted after it was resumed': [off(1, 2), on(3, 4), valid(5, 6)],
    'it is accepted as soon as the resume has begun': [off(1, 2), valid(3, 6), on(5, 9)],
    'it is refused until the resume has returned': [
      off(1, 2),
      on(3, 9),
      invalid(4, 5),
      invalid(8, 12),
    ],
    'a resume of unknown outcome comes late': [off(1, 2), on(3, null), invalid(5, 6), valid(7, 8)],
    'a revoke of unknown outcome never comes': [off(1, null), valid(5, 6)],
    'a revoke that took effect or never will did not': [
      off(1, 2, 'key', { result: 'maybe' }),
      valid(3, 4),
    ],
    'a refused revoke changes nothing': [off(1, 2, 'key', { result: 'refused' }), valid(3, 4)],
    'either of two changes explains a refusal': [
      off(1, null, 'key'),
      off(1, 2, 'org'),
      invalid(3, 4),
      on(5, 6, 'org'),
      valid(7, 8),
    ],
    'a permission follows its switch': [
      off(1, 2, 'grants'),
      valid(3, 4, { lacks: ['data:write'] }),
      on(5, 6, 'grants'),
      valid(7, 8, { holds: ['data:write'] }),
    ],
    'nobody responds': [off(1, 2), reading(3, 4, { result: 'unavailable' })],
    'numbers rise with the changes': [
      change(1, 2, { authSeq: 7 }),
      valid(3, 4, { authSeq: 7 }),
      change(5, 9, { authSeq: 8 }),
      valid(6, 7, { authSeq: 8 }),
      valid(6, 8, { authSeq: 7 }),
    ],
    'a change of unknown outcome took a number': [
      change(1, 2, { authSeq: 7 }),
      change(3, null, {}),
      valid(5, 6, { authSeq: 8 }),
    ],
    'a job takes numbers for a change that is over': [
      off(1, 2, 'key', { authSeq: 7, later: 3 }),
      invalid(3, 4, { authSeq: 10 }),
      change(5, 6, { authSeq: 11 }),
    ],
    'a job takes numbers before its change has returned': [
      off(1, 5, 'key', { authSeq: 7, later: 3 }),
      invalid(3, 4, { authSeq: 10 }),
    ],
    'a decision is that of its number': [
      change(0, 0, { authSeq: 6 }),
      off(1, 9, 'key', { authSeq: 7 }),
      valid(2, 4, { authSeq: 6 }),
      invalid(3, 5, { authSeq: 7 }),
    ],
    'nobody knows which attempt did the work': [
      change(0, 0, { authSeq: 5 }),
      off(1, 9, 'key', { authSeq: 7, attempts: 2 }),
      valid(2, 4, { authSeq: 6 }),
      invalid(2, 5, { authSeq: 6 }),
    ],
    'the node was stopped for as long as it did not respond': [
      { type: 'trouble', kind: 'stop', node: 0, begin: 10, end: 9_000, rate: 0 } satisfies Trouble,
      valid(1, 18_000),
    ],
  };
  for (const [name, lines] of Object.entries(histories)) {
    it(name, () => {
      expect(rules(...lines)).toEqual([]);
    });
  }
});

describe('a history is bad when', () => {
  const histories: Record<string, [rule: string, Line[]]> = {
    'a revoked key is accepted': ['stale accept', [off(1, 2), valid(3, 4)]],
    'it is accepted long after, and others got the right response': [
      'stale accept',
      [off(1, 2), invalid(3, 4), invalid(5, 6), valid(70, 80)],
    ],
    'it is accepted before the resume began': [
      'stale accept',
      [off(1, 2), valid(3, 4), on(5, 6), valid(7, 8)],
    ],
    'a resume before the suspension is no excuse': [
      'stale accept',
      [off(1, 2), on(3, 4), off(5, 6), valid(7, 8)],
    ],
    'a key comes back with its owner': [
      'stale accept',
      [off(1, 2, 'key'), off(1, 2, 'org'), invalid(2, 3), on(4, 5, 'org'), valid(6, 7)],
    ],
    'a permission outlives its grant': [
      'stale accept',
      [off(1, 2, 'grants'), valid(3, 4, { holds: ['data:write'] })],
    ],
    'a key that was refused while the revoke runs is accepted': [
      'inversion',
      [off(1, 9), invalid(2, 3), valid(4, 5)],
    ],
    'a key that was refused for a revoke of unknown outcome is accepted': [
      'inversion',
      [off(1, null), invalid(2, 3), valid(4, 5)],
    ],
    'a permission comes back by itself': [
      'inversion',
      [
        off(1, null, 'grants'),
        valid(2, 3, { lacks: ['data:write'] }),
        valid(4, 5, { holds: ['data:write'] }),
      ],
    ],
    'a new key is refused': ['valid key refused', [invalid(3, 4)]],
    'a resumed key is refused': ['valid key refused', [off(1, 2), on(3, 4), invalid(5, 6)]],
    'a key is refused before the revoke began': ['valid key refused', [invalid(1, 2), off(3, 4)]],
    'a key is refused again after it was accepted': [
      'valid key refused',
      [off(1, 2), on(3, null), valid(4, 5), invalid(6, 7)],
    ],
    'a permission lacks though it was granted': [
      'valid key refused',
      [valid(3, 4, { lacks: ['data:write'] })],
    ],
    'a number is behind a completed change': [
      'number',
      [change(1, 2, { authSeq: 7 }), change(3, 4, { authSeq: 8 }), valid(5, 6, { authSeq: 7 })],
    ],
    'a number goes back between two readings': [
      'number',
      [
        change(1, 2, { authSeq: 7 }),
        change(3, 9, { authSeq: 8 }),
        valid(4, 5, { authSeq: 8 }),
        valid(6, 7, { authSeq: 7 }),
      ],
    ],
    'a number is of a change that began later': [
      'number',
      [change(1, 2, { authSeq: 7 }), valid(3, 4, { authSeq: 8 }), change(5, 6, { authSeq: 8 })],
    ],
    'a number is past all changes': [
      'number',
      [change(1, 2, { authSeq: 7 }), change(1, null, {}), valid(3, 4, { authSeq: 9 })],
    ],
    'a number is past all that a job can take': [
      'number',
      [off(1, 2, 'key', { authSeq: 7, later: 3 }), invalid(3, 4, { authSeq: 11 })],
    ],
    'a number is past all changes, of which a later one had waited for the job': [
      'number',
      [
        off(1, 2, 'key', { authSeq: 7, later: 3 }),
        on(3, 4, 'key', { authSeq: 9, later: 0 }),
        valid(5, 6, { authSeq: 10 }),
      ],
    ],
    'a change takes no number of its own': [
      'number',
      [change(1, 2, { authSeq: 7 }), change(3, 4, { authSeq: 7 })],
    ],
    'two changes at once take the same number': [
      'number',
      [change(1, 4, { authSeq: 7 }), change(2, 5, { authSeq: 7 })],
    ],
    'an accept reports the number of the revoke': [
      'number',
      [off(1, 9, 'key', { authSeq: 7 }), valid(2, 4, { authSeq: 7 })],
    ],
    'a refusal reports the number before the revoke': [
      'number',
      [
        change(0, 0, { authSeq: 6 }),
        off(1, 9, 'key', { authSeq: 7 }),
        invalid(2, 4, { authSeq: 6 }),
      ],
    ],
    'a refusal reports the number of the resume': [
      'number',
      [
        off(1, 2, 'org', { authSeq: 6 }),
        on(3, 9, 'org', { authSeq: 7 }),
        invalid(4, 5, { authSeq: 7 }),
      ],
    ],
    'a request fails': ['response', [reading(1, 2, { result: 'wrong', status: 500 })]],
    'a request gets no response in time': ['response', [valid(1, 30_002)]],
    'a request never gets a response': ['response', [reading(1, 2, { result: 'hung' })]],
    'the object of a change is not found': [
      'response',
      [change(1, 2, { result: 'refused', status: 404 })],
    ],
  };
  for (const [name, [rule, lines]] of Object.entries(histories)) {
    it(name, () => {
      expect(new Set(rules(...lines))).toEqual(new Set([rule]));
    });
  }
});
