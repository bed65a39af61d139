import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../common/errors.js';

/** The passport strategy that reads the header in which a client sent its key. */
export type StrategyName = 'api-key' | 'bearer-key';

/** A key as a client presents it, valid or not. */
export interface ShownKey {
  strategy: StrategyName;
  /** Empty if the header is malformed, which is never a valid key. */
  secret: string;
}

/**
 * The scheme is case-insensitive (RFC 9110, section 11.1). It must be a whole token (section 5.6.2):
 * another scheme may begin with it.
 */
const bearer = /^bearer(?![\w!#$%&'*+.^`|~-])/i;

function readKey(name: string, value: string): ShownKey | undefined {
  if (name === 'x-api-key') {
    return value.trim() === '' ? undefined : { strategy: 'api-key', secret: value };
  }
  if (name !== 'authorization' || !bearer.test(value)) return undefined;
  const [, secret = ''] = /^bearer +(.*)$/i.exec(value) ?? [];
  return { strategy: 'bearer-key', secret };
}

/**
 * The key that a request presents. A header that is empty, or of another scheme, is none: for example
 * the login of a proxy in front. Node uses the first of several `Authorization` headers and joins
 * several `X-API-Key` headers, so only the raw list shows all of them.
 *
 * @param rawHeaders names and values in turn, as Node received them
 * @returns undefined if there is none
 * @throws Problem `ambiguous_credentials`
 */
export function findKey(rawHeaders: readonly string[]): ShownKey | undefined {
  let found: ShownKey | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = readKey(rawHeaders[index]?.toLowerCase() ?? '', rawHeaders[index + 1] ?? '');
    if (key === undefined) continue;
    if (found !== undefined) throw new Problem('ambiguous_credentials');
    found = key;
  }
  return found;
}

/** Writes the key where its strategy reads it, and removes everything else. */
export function writeKey({ strategy, secret }: ShownKey, headers: IncomingHttpHeaders): void {
  if (strategy === 'api-key') headers['x-api-key'] = secret;
  else headers.authorization = `Bearer ${secret}`;
}
