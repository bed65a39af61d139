import { describe, it } from 'node:test';
import { expect } from 'expect';
import { check } from './checker.js';
import type { Change, Line, Reading, Subject, Trouble } from './history.js';

const key: Subject = {
  type: 'key',
  id: 'k',
  needs: ['key', 'org'],
  permissions: { 'data:write': 'grants' },
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
  result: 'good',
  status: 200,
  holds: [],
  lacks: [],
  authSeq: undefined,
  ...rest,
});
const good = (begin: number, end: number, rest: Partial<Reading> = {}) => reading(begin, end, rest);
const bad = (begin: number, end: number, rest: Partial<Reading> = {}) =>
  reading(begin, end, { result: 'bad', ...rest });
const off = (begin: number, end: number | null, name = 'key', rest: Partial<Change> = {}) =>
  change(begin, end, { off: [name], ...rest });
const on = (begin: number, end: number | null, name = 'key', rest: Partial<Change> = {}) =>
  change(begin, end, { on: [name], ...rest });

const rules = (...lines: Line[]) => check([key, ...lines]).map(({ rule }) => rule);

describe('a history is good when', () => {
  const histories: Record<string, Line[]> = {
    'nothing happens to the key': [good(1, 2), good(2, 3)],
    'a request that began before the revoke returned is accepted': [off(1, 5), good(4, 9)],
    'a request is refused while the revoke runs': [off(1, 5), bad(2, 3), bad(6, 7)],
    'accepts and refusals overlap while a change runs': [off(1, 9), bad(2, 6), good(3, 7)],
    'what was suspended is accepted after it was resumed': [off(1, 2), on(3, 4), good(5, 6)],
    'it is accepted as soon as the resume has begun': [off(1, 2), good(3, 6), on(5, 9)],
    'it is refused until the resume has returned': [off(1, 2), on(3, 9), bad(4, 5), bad(8, 12)],
    'a resume of unknown outcome comes late': [off(1, 2), on(3, null), bad(5, 6), good(7, 8)],
    'a revoke of unknown outcome never comes': [off(1, null), good(5, 6)],
    'a revoke that took effect or never will did not': [
      off(1, 2, 'key', { result: 'maybe' }),
      good(3, 4),
    ],
    'a refused revoke changes nothing': [off(1, 2, 'key', { result: 'refused' }), good(3, 4)],
    'either of two changes explains a refusal': [
      off(1, null, 'key'),
      off(1, 2, 'org'),
      bad(3, 4),
      on(5, 6, 'org'),
      good(7, 8),
    ],
    'a permission follows its switch': [
      off(1, 2, 'grants'),
      good(3, 4, { lacks: ['data:write'] }),
      on(5, 6, 'grants'),
      good(7, 8, { holds: ['data:write'] }),
    ],
    'nobody answers': [off(1, 2), reading(3, 4, { result: 'unavailable' })],
    'numbers rise with the changes': [
      change(1, 2, { authSeq: 7 }),
      good(3, 4, { authSeq: 7 }),
      change(5, 9, { authSeq: 8 }),
      good(6, 7, { authSeq: 8 }),
      good(6, 8, { authSeq: 7 }),
    ],
    'a change of unknown outcome took a number': [
      change(1, 2, { authSeq: 7 }),
      change(3, null, {}),
      good(5, 6, { authSeq: 8 }),
    ],
    'a verdict is that of its number': [
      change(0, 0, { authSeq: 6 }),
      off(1, 9, 'key', { authSeq: 7 }),
      good(2, 4, { authSeq: 6 }),
      bad(3, 5, { authSeq: 7 }),
    ],
    'nobody knows which attempt did the work': [
      change(0, 0, { authSeq: 5 }),
      off(1, 9, 'key', { authSeq: 7, attempts: 2 }),
      good(2, 4, { authSeq: 6 }),
      bad(2, 5, { authSeq: 6 }),
    ],
    'the node was stopped for as long as it did not answer': [
      { type: 'trouble', kind: 'stop', node: 0, begin: 10, end: 9_000 } satisfies Trouble,
      good(1, 18_000),
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
    'a revoked key is accepted': ['stale accept', [off(1, 2), good(3, 4)]],
    'it is accepted long after, and others were answered well': [
      'stale accept',
      [off(1, 2), bad(3, 4), bad(5, 6), good(70, 80)],
    ],
    'it is accepted before the resume began': [
      'stale accept',
      [off(1, 2), good(3, 4), on(5, 6), good(7, 8)],
    ],
    'a resume before the suspension is no excuse': [
      'stale accept',
      [off(1, 2), on(3, 4), off(5, 6), good(7, 8)],
    ],
    'a permission outlives its grant': [
      'stale accept',
      [off(1, 2, 'grants'), good(3, 4, { holds: ['data:write'] })],
    ],
    'a key that was refused while the revoke runs is accepted': [
      'inversion',
      [off(1, 9), bad(2, 3), good(4, 5)],
    ],
    'a key that was refused for a revoke of unknown outcome is accepted': [
      'inversion',
      [off(1, null), bad(2, 3), good(4, 5)],
    ],
    'a permission comes back by itself': [
      'inversion',
      [
        off(1, null, 'grants'),
        good(2, 3, { lacks: ['data:write'] }),
        good(4, 5, { holds: ['data:write'] }),
      ],
    ],
    'a new key is refused': ['good key refused', [bad(3, 4)]],
    'a resumed key is refused': ['good key refused', [off(1, 2), on(3, 4), bad(5, 6)]],
    'a key is refused before the revoke began': ['good key refused', [bad(1, 2), off(3, 4)]],
    'a key is refused again after it was accepted': [
      'good key refused',
      [off(1, 2), on(3, null), good(4, 5), bad(6, 7)],
    ],
    'a permission lacks though it was granted': [
      'good key refused',
      [good(3, 4, { lacks: ['data:write'] })],
    ],
    'a number is behind a completed change': [
      'number',
      [change(1, 2, { authSeq: 7 }), change(3, 4, { authSeq: 8 }), good(5, 6, { authSeq: 7 })],
    ],
    'a number goes back between two readings': [
      'number',
      [
        change(1, 2, { authSeq: 7 }),
        change(3, 9, { authSeq: 8 }),
        good(4, 5, { authSeq: 8 }),
        good(6, 7, { authSeq: 7 }),
      ],
    ],
    'a number is of a change that began later': [
      'number',
      [change(1, 2, { authSeq: 7 }), good(3, 4, { authSeq: 8 }), change(5, 6, { authSeq: 8 })],
    ],
    'a number is past all changes': [
      'number',
      [change(1, 2, { authSeq: 7 }), change(1, null, {}), good(3, 4, { authSeq: 9 })],
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
      [off(1, 9, 'key', { authSeq: 7 }), good(2, 4, { authSeq: 7 })],
    ],
    'a refusal reports the number before the revoke': [
      'number',
      [change(0, 0, { authSeq: 6 }), off(1, 9, 'key', { authSeq: 7 }), bad(2, 4, { authSeq: 6 })],
    ],
    'a refusal reports the number of the resume': [
      'number',
      [
        off(1, 2, 'org', { authSeq: 6 }),
        on(3, 9, 'org', { authSeq: 7 }),
        bad(4, 5, { authSeq: 7 }),
      ],
    ],
    'a request fails': ['answer', [reading(1, 2, { result: 'wrong', status: 500 })]],
    'a request is not answered in time': ['answer', [good(1, 10_002)]],
    'a request is never answered': ['answer', [reading(1, 2, { result: 'hung' })]],
    'the object of a change is not found': [
      'answer',
      [change(1, 2, { result: 'refused', status: 404 })],
    ],
  };
  for (const [name, [rule, lines]] of Object.entries(histories)) {
    it(name, () => {
      expect(new Set(rules(...lines))).toEqual(new Set([rule]));
    });
  }
});
