import { LRUCache } from 'lru-cache';
import type { Permission } from '../../permissions/permission.js';
import type { Principal } from '../../permissions/principal.js';

interface Texts {
  /** A JSON list. */
  readonly json: string;
  /** Separated by commas. */
  readonly joined: string;
}

/** Keys that hold the same share one set, for as long as their records are cached. */
const texts = new WeakMap<ReadonlySet<Permission>, Texts>();

/** Sorted lists of permissions, as text. */
export function textsOf(permissions: ReadonlySet<Permission>): Texts {
  const known = texts.get(permissions);
  if (known !== undefined) return known;
  const sorted = [...permissions].sort();
  const made = { json: JSON.stringify(sorted), joined: sorted.join(',') };
  texts.set(permissions, made);
  return made;
}

/** Instants as JSON, by their milliseconds: the keys that are used most are used again soon. */
const instants = new LRUCache<number, string>({ max: 10_000 });

function instant(ms: number | null): string {
  if (ms === null) return 'null';
  const known = instants.get(ms);
  if (known !== undefined) return known;
  const text = JSON.stringify(new Date(ms));
  instants.set(ms, text);
  return text;
}

/** The fields of `KeyFacts` as JSON, without braces. Ids and scopes have no character to escape. */
export const keyText = ({ key, org, owner, permissions }: Principal): string =>
  `"keyId":"${key.id}","orgId":"${org.id}","ownerId":"${owner.id}","scope":"${key.scope}",` +
  `"permissions":${textsOf(permissions).json},"expiresAt":${instant(key.expiresAt)}`;
