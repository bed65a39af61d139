import { createHash } from 'node:crypto';
import { isWellFormed, newSecret } from '../common/secret.js';

/**
 * A new token. It has the form of an API key, so that all code that keeps keys out of URLs, logs and
 * stored text works for tokens as well.
 */
export const newToken = (purpose: 'session' | 'link') => newSecret(purpose);

/** The stored form of a token: it is random enough that nobody can find it from its hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export const isToken = isWellFormed;
