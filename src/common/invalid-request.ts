import { Problem } from './errors.js';
import type { Class, Flaw } from './field.js';
import { read, Unreadable } from './reading.js';
import { beginningOf, containsSecret } from './secret.js';

const maxErrors = 20;

/** The problem that lists what is wrong with a body or a query. */
export function invalidRequest(flaws: readonly Flaw[]): Problem {
  const shown = flaws.slice(0, maxErrors);
  const messages = shown.map(({ message }) => beginningOf(message, 300));
  const errors = shown.map(({ path }, index) => ({ path, message: messages[index] ?? '' }));
  // Messages quote names of fields that the client chose.
  const isUnfit = messages.includes(undefined) || containsSecret(JSON.stringify(errors));
  if (isUnfit) return new Problem('invalid_request');
  const detail = errors
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  return new Problem('invalid_request', detail, { errors });
}

/**
 * Reads a body that does not go through the pipe.
 *
 * @throws Problem `invalid_request`
 */
export function readBody<T extends object>(type: Class<T>, body: unknown): T {
  try {
    return read(type, body);
  } catch (error) {
    throw error instanceof Unreadable ? invalidRequest(error.flaws) : error;
  }
}
