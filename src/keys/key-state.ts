export const keyStates = ['active', 'expired', 'revoked'] as const;
export type KeyState = (typeof keyStates)[number];

/**
 * Whether a key is not revoked, as SQL. The keys of a removed member are revoked with the membership;
 * if there are many, their own rows follow later.
 *
 * @param key an alias of `api_keys`
 */
export const isUnrevoked = (key: string) => `(${key}.revoked_at IS NULL AND NOT EXISTS (
  SELECT FROM ended_memberships e WHERE e.org_id = ${key}.org_id AND e.user_id = ${key}.owner_id
))`;

/** The state of a key at an instant. A revoked key stays revoked, even after its expiry. */
export function keyState(
  key: { revokedAt: Date | null; expiresAt: Date | null },
  now: Date,
): KeyState {
  if (key.revokedAt !== null) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active';
}
