import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Cluster } from './cluster.js';

/** Harm that is done to the database itself, until the returned promise is settled. */
export interface DatabaseTrouble {
  kind: string;
  run: (cluster: Cluster, ms: number) => Promise<void>;
}

/** Holds a lock as somebody's forgotten transaction would. */
const holding = (kind: string, sql: string): DatabaseTrouble => ({
  kind,
  run: async ({ db }, ms) => {
    const client = await db.connect();
    try {
      await client.query(`BEGIN; ${sql}`);
      await delay(ms);
      await client.query('ROLLBACK');
      client.release();
    } catch (error) {
      client.release(error as Error);
    }
  },
});

/** What can be done to a database of one's own on anybody's server. */
export const databaseTroubles: readonly DatabaseTrouble[] = [
  holding('lock on the head', 'SELECT FROM auth_head FOR UPDATE'),
  holding('lock on rows', 'SELECT FROM organisations FOR UPDATE'),
  holding('lock on a table', 'LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE'),
];

/** What else can be done to a server of one's own. */
export function serverTroubles(dataDir: string): readonly DatabaseTrouble[] {
  return [
    { kind: 'no connections left', run: takeAllConnections },
    { kind: 'kill -9 of a backend', run: killBackend },
    { kind: 'kill -9 of the postmaster', run: (cluster) => killPostmaster(cluster, dataDir) },
  ];
}

async function takeAllConnections({ url }: Cluster, ms: number): Promise<void> {
  const taken: Client[] = [];
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      taken.push(client);
    } catch {
      break;
    }
  }
  await delay(ms);
  await Promise.all(taken.map((client) => client.end().catch(() => undefined)));
}

/** PostgreSQL then ends all connections and recovers by itself. */
async function killBackend(cluster: Cluster): Promise<void> {
  const { rows } = await cluster.db.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE application_name = 'keyfence' AND datname = current_database()
     ORDER BY random() LIMIT 1`,
  );
  if (rows[0] === undefined) return;
  process.kill(rows[0].pid, 'SIGKILL');
  await untilBack(cluster);
}

/** Its supervisor starts it again. */
export async function killPostmaster(cluster: Cluster, dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  process.kill(Number.parseInt(await readFile(pidFile, 'utf8'), 10), 'SIGKILL');
  await untilBack(cluster);
}

async function untilBack({ db }: Cluster): Promise<void> {
  await delay(100);
  while ((await db.query('SELECT 1').catch(() => undefined)) === undefined) await delay(50);
}
