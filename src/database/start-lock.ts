import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Steps } from '../telemetry/steps.js';
import { holderOf } from './blockers.js';

/** One number for all nodes of an installation: only one of them prepares the database. */
const startLock = 0x6b_66;

/** The holder may be running a migration. */
const timeoutMs = 600_000;
const pauseMs = 200;

const takeIt = 'SELECT pg_try_advisory_lock($1) AS "isTaken"';

/**
 * Waits until no other node prepares the database. The connection then has the lock until it ends.
 *
 * A node that waited in a statement would have a snapshot, and CREATE INDEX CONCURRENTLY of the node
 * with the lock would wait for that in turn. So this polls.
 *
 * @param url of the connection
 * @throws when another session holds it all the time, and names that session
 */
export async function takeStartLock(client: Client, url: string, steps: Steps): Promise<void> {
  const waitsFor = () => holderOf(url, startLock);
  await steps.run({ what: 'taking the start lock', timeoutMs, waitsFor }, async (signal) => {
    for (;;) {
      const { rows } = await client.query<{ isTaken: boolean }>(takeIt, [startLock]);
      if (rows[0]?.isTaken === true) return;
      await delay(pauseMs, undefined, { signal });
    }
  });
}
