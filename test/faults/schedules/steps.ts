import { setTimeout as delay } from 'node:timers/promises';
import type { Failpoint } from '../../support/failpoint.js';
import type { Scene } from '../stage.js';

/** Milliseconds after which something that has not come will not come. */
const timeoutMs = 400;

/** Waits for it, unless it is held up. */
export const unlessHeld = (work: Promise<unknown>) => Promise.race([work, delay(timeoutMs)]);

/** Waits until the work is held up there. A mutant's may be done without coming that way. */
export const reach = (point: Failpoint, work: Promise<unknown>) =>
  Promise.race([point.reached, work]);

export async function databaseTime({ cluster }: Scene): Promise<number> {
  const { rows } = await cluster.db.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0]?.now.getTime() ?? 0;
}

export const revokeInSql = 'UPDATE api_keys SET revoked_at = now() WHERE id = $1';
