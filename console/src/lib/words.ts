import type { Key } from '../api/client';

/** What scopes mean, in words that need no manual, unless operators have set others. */
export const usualScopes: Record<Key['scope'], { name: string; meaning: string }> = {
  read: { name: 'Read', meaning: 'Monitor, diagnose and query data.' },
  'read-write': {
    name: 'Read-Write',
    meaning: 'Everything in Read, plus recording and changing data.',
  },
  admin: { name: 'Admin', meaning: 'Full access, including changes of configuration.' },
};

export const states: Record<Key['state'], { name: string; colour: string }> = {
  active: { name: 'Active', colour: 'teal' },
  expired: { name: 'Expired', colour: 'gray' },
  revoked: { name: 'Revoked', colour: 'red' },
};

/** The service counts no further. */
const mostCounted = 100_000;

/** A number of rows that the service has counted. */
export const shownCount = (count: number): string =>
  `${count.toLocaleString()}${count >= mostCounted ? ' or more' : ''}`;

/** What is typed one in a line, or with commas between. */
export const wordsIn = (text: string): string[] => [
  ...new Set(text.split(/[\s,]+/).filter((each) => each !== '')),
];

/** The action of a permission decides which scopes cover it. */
export function isCovered(permission: string, scope: Key['scope']): boolean {
  const action = permission.slice(permission.lastIndexOf(':') + 1);
  if (action === 'read') return true;
  return action === 'write' ? scope !== 'read' : scope === 'admin';
}
