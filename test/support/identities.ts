import type { Pool } from 'pg';

/** Binds an account at an identity provider to a user, as if they had signed in with it. @returns its id */
export async function insertIdentity(db: Pool, userId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO identities (issuer, subject, user_id)
     VALUES ('https://id.example.com/' || gen_random_uuid(), 'somebody', $1) RETURNING id`,
    [userId],
  );
  return rows[0]?.id ?? '';
}
