/**
 * Ties the response of a verification to its request: the client sends a random value, and the response
 * returns it. HTTP/1.1 matches responses to requests by their order alone. So one response too many on
 * an open connection shifts all that follow.
 */
export const nonceHeader = 'X-Keyfence-Nonce';

/** Nothing else is returned. */
export const noncePattern = '^[A-Za-z0-9_-]{16,64}$';
