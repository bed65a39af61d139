export const keyStates = ['active', 'expired', 'revoked'] as const;
export type KeyState = (typeof keyStates)[number];

/** The state of a key at an instant. A revoked key stays revoked, whatever its expiry. */
export function keyState(
  key: { revokedAt: Date | null; expiresAt: Date | null },
  now: Date,
): KeyState {
  if (key.revokedAt !== null) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active';
}
