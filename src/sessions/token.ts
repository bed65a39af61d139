import { createHash } from 'node:crypto';
import { isWellFormed, newSecret } from '../common/secret.js';

/**
 * A new token. It has the form of an API key, so that whatever keeps keys out of URLs, logs and stored
 * text keeps tokens out as well.
 */
export const newToken = (purpose: 'session' | 'link') => newSecret(purpose);

/** What is stored of a token: it is random enough that nobody finds it from its hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export const isToken = isWellFormed;
