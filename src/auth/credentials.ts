import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../common/errors.js';

/** The passport strategy that reads the header in which a client sent its key. */
export type StrategyName = 'api-key' | 'bearer-key';

/**
 * Which header carries the key. Node keeps the first of several `Authorization` headers and joins
 * several `X-API-Key` headers, so only the raw list shows that a client sent two.
 *
 * @param rawHeaders names and values in turn, as Node received them
 * @returns undefined when there is no credential
 * @throws Problem `ambiguous_credentials`
 */
export function findCredential(rawHeaders: readonly string[]): StrategyName | undefined {
  let found: StrategyName | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase();
    if (name !== 'x-api-key' && name !== 'authorization') continue;
    if (found !== undefined) {
      throw new Problem('ambiguous_credentials');
    }
    found = name === 'x-api-key' ? 'api-key' : 'bearer-key';
  }
  return found;
}

/** The secret that the strategy will find, of a request whose scheme is normalised. */
export function secretIn(name: StrategyName, headers: IncomingHttpHeaders): string {
  const { authorization = '', 'x-api-key': key = '' } = headers;
  return name === 'api-key' ? String(key) : authorization.slice('Bearer '.length);
}

/** Writes the scheme of `Authorization: bearer …` as the strategy expects it: its case means nothing (RFC 9110, section 11.1). */
export function normaliseScheme(authorization: string | undefined): string | undefined {
  return authorization?.replace(/^bearer +/i, 'Bearer ');
}
