import { runMigrations } from 'bullmq';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { jobSchema } from './connection.js';
import { migrations } from './migrations/index.js';
import { refuseHazard } from './server-checks.js';

/** One number for all nodes of an installation: only one of them prepares the database. */
const startupLock = 0x6b_66;

/**
 * Brings the database up to date and then runs `work`, while every other node that starts waits.
 *
 * @param progress receives a line for each slow step
 * @throws when the server is not reachable, is not to be relied on, or does not store UTF-8
 */
export async function withPreparedDatabase<T>(
  { databaseUrl, migrationUrl, redisUrl, allowUnsafeDatabase }: Settings,
  progress: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (!allowUnsafeDatabase) await refuseHazard(databaseUrl);
  const client = new Client({ connectionString: migrationUrl ?? databaseUrl });
  // A lost connection fails the query that is running; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ encoding: string }>(
      `SELECT current_setting('server_encoding') AS encoding`,
    );
    if (rows[0]?.encoding !== 'UTF8') throw new Error('The database must have the encoding UTF8.');
    await client.query('SELECT pg_advisory_lock($1)', [startupLock]);
    await migrate(migrationUrl ?? databaseUrl, progress);
    if (redisUrl === undefined) await runMigrations(client, jobSchema);
    if (migrationUrl !== undefined) await grantTo(client, databaseUrl, redisUrl === undefined);
    return await work();
  } finally {
    await client.end();
  }
}

async function migrate(url: string, progress: (message: string) => void): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations,
    installExtensions: false,
  });
  await dataSource.initialize();
  try {
    if (!(await dataSource.showMigrations())) return;
    progress('Updating the database schema…');
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}

/** Gives the service's role what it needs, and no way to rewrite the audit log or the history. */
async function grantTo(owner: Client, url: string, keepsJobs: boolean): Promise<void> {
  const service = new Client({ connectionString: url });
  await service.connect();
  try {
    const { rows } = await service.query<{ role: string }>(
      'SELECT quote_ident(current_user) AS role',
    );
    const role = rows[0]?.role ?? '';
    await owner.query(`
      GRANT USAGE ON SCHEMA public TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON organisations, users, memberships, api_keys, key_secrets,
        hash_keys, idempotency_keys, failed_authentications, key_usage, key_usage_days,
        usage_processes, expiry_watch, reminders, deliveries, webhooks,
        sessions, sign_in_links, identities TO ${role};
      GRANT SELECT, INSERT ON audit_events TO ${role};
      GRANT SELECT ON audit_chain, auth_head, auth_log TO ${role};
      GRANT EXECUTE ON FUNCTION auth_advance TO ${role};
    `);
    if (!keepsJobs) return;
    await owner.query(`
      GRANT USAGE ON SCHEMA ${jobSchema} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${jobSchema} TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${jobSchema} TO ${role};
    `);
  } finally {
    await service.end();
  }
}
