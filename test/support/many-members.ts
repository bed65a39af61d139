import type { Pool } from 'pg';
import type { Organisation } from './organisation.js';

/** Adds members by SQL, “Person 1” and so on, in this order. */
export async function insertMembers(db: Pool, org: Organisation, members: number): Promise<void> {
  await db.query(
    `WITH added AS (
       INSERT INTO users (id, kind, email, name)
       SELECT 'usr_0' || substr(md5($1 || i), 1, 25), 'person', $1 || i || '@example.com', 'Person ' || i
       FROM generate_series(1, $2::int) i RETURNING id
     )
     INSERT INTO memberships (org_id, user_id, role) SELECT $3, id, 'member' FROM added`,
    [org.slug, members, org.id],
  );
}
