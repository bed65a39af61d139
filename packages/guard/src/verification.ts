import { Unavailable } from './errors.js';
import type { components } from './schema.js';

export type Verification = components['schemas']['Verification'];

/** A valid key: its ids, and everything that it may do now. */
export type Principal = Extract<Verification, { valid: true }>;

/** @throws Unavailable unless it is what Keyfence says about a key, and not what another service says */
export function assertVerification(entry: unknown): asserts entry is Verification {
  const { valid, keyId, permissions } = (entry ?? {}) as Record<keyof Principal, unknown>;
  const isValid = valid === true && typeof keyId === 'string' && Array.isArray(permissions);
  if (!isValid && valid !== false) throw new NotKeyfence();
}

/** The response is that of something else. */
export class NotKeyfence extends Unavailable {
  constructor() {
    super('the response is not one of Keyfence: is this its URL?');
  }
}
