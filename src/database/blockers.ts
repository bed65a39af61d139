import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { applicationName, createClient, startName } from './connection.js';

/** Milliseconds that a look-up may take, and the end of a connection. */
const timeoutMs = 2_000;

/** How people can identify a session, as SQL. A role that may not see the address of others gets none. */
const session = `
  format('process %s (%s, role %s, from %s)', s.pid, coalesce(nullif(s.application_name, ''), 'no name'),
    coalesce(s.usename, '?'), coalesce(host(s.client_addr), 'unknown address'))`;

const ourDatabase = '(SELECT oid FROM pg_database WHERE datname = current_database())';

const holderOfLock = `
  SELECT ${session} AS who
  FROM pg_locks l JOIN pg_stat_activity s USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.database = ${ourDatabase}
    AND l.objsubid = 1 AND l.classid = 0 AND l.objid = $1`;

/** Other starting nodes do not wait in a statement: what is found blocks the node that prepares. */
const blockersOfStarts = `
  WITH waiting AS (
    SELECT pid, wait_event FROM pg_stat_activity
    WHERE application_name = $1 AND datname = current_database()
  ), blocking AS (
    SELECT unnest(pg_blocking_pids(pid)) AS pid FROM waiting
    UNION
    -- A migration that requests table locks repeatedly sleeps in between: find those that hold one for
    -- long.
    SELECT l.pid FROM pg_locks l JOIN pg_stat_activity s USING (pid)
    WHERE EXISTS (SELECT FROM waiting WHERE wait_event = 'PgSleep') AND l.pid NOT IN (SELECT pid FROM waiting)
      AND l.locktype = 'relation' AND l.granted AND l.database = ${ourDatabase}
      -- A role that may not see durations skips sessions of the service, whose transactions are short.
      AND coalesce(s.xact_start < now() - interval '2 s', s.application_name <> '${applicationName}')
  )
  SELECT string_agg(${session}, ', ') AS who FROM blocking JOIN pg_stat_activity s USING (pid)`;

/** The session that holds an advisory lock; undefined when there is none. */
export function holderOf(url: string, lock: number): Promise<string | undefined> {
  return findSession(url, holderOfLock, lock);
}

/** The session that blocks the node that prepares the database; undefined when there is none. */
export function blockersOfStart(url: string): Promise<string | undefined> {
  return findSession(url, blockersOfStarts, startName);
}

/** Uses a connection of its own: the others are busy. */
async function findSession(url: string, sql: string, value: unknown): Promise<string | undefined> {
  const client = createClient(url);
  const ask = async () => {
    await client.connect();
    const { rows } = await client.query<{ who: string | null }>(sql, [value]);
    return rows[0]?.who ?? undefined;
  };
  try {
    return await Promise.race([ask(), delay(timeoutMs, undefined, { ref: false })]);
  } finally {
    await endSoon(client);
  }
}

/** Ends a connection, whatever state the server is in. */
export async function endSoon(client: Client): Promise<void> {
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, delay(timeoutMs, undefined, { ref: false })]);
  client.connection.stream.destroy();
}
