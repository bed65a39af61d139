import type { Pool } from 'pg';
import { newId, newUserId } from '../../src/common/ids.js';

/** Adds a mail that has failed, about a key of an organisation that nobody knows. */
export async function insertDelivery(db: Pool): Promise<string> {
  const id = newId('dlv');
  await db.query(
    `INSERT INTO deliveries (id, org_id, channel, recipient_id, key_id, expires_at, threshold,
       state, attempts, reason, finished_at)
     VALUES ($1, $2, 'email', $3, $4, now(), 7, 'failed', 12, 'connect ECONNREFUSED', now())`,
    [id, newId('org'), newUserId(), newId('key')],
  );
  return id;
}
