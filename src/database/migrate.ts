import { runMigrations } from 'bullmq';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { Steps } from '../telemetry/steps.js';
import { blockersOfStart, endSoon } from './blockers.js';
import { MendRows1764000014100 } from './migrations/1764000014100-mend-rows.js';
import { connect } from './connect.js';
import { createClient, jobSchema, startName } from './connection.js';
import { buildLateIndexes } from './indexes.js';
import { migrations } from './migrations/index.js';
import { fillSearchNames } from './search-names.js';
import { ServerCheck, UnreliableServer } from './server-checks.js';
import { connectionTo } from './session-settings.js';
import { takeStartLock } from './start-lock.js';

/** Milliseconds for connecting and the first check of the server. */
const connectMs = 30_000;
/** Milliseconds for a change of the schema: of a large table, while others use it. */
const updateMs = 3_600_000;

/**
 * Updates the database and then runs `work`, while every other starting node waits.
 *
 * @param progress receives a line for each slow step, and what it waits for
 * @param work receives the server check, to continue with it
 * @param signal aborted when the start is cancelled
 * @throws SettingsError when a URL is wrong; another error when the server must not be relied on, or does
 *   not store UTF-8; when a step is too slow, with its name
 */
export async function withPreparedDatabase<T>(
  settings: Settings,
  progress: (message: string) => void,
  work: (server: ServerCheck) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { databaseUrl, migrationUrl, allowUnsafeDatabase } = settings;
  const steps = new Steps(progress, signal);
  const server = new ServerCheck(allowUnsafeDatabase);
  const connecting = { what: 'connecting to the database', timeoutMs: connectMs };
  await steps.run(connecting, () => refuseUnreliable(databaseUrl, server));
  const ownerUrl = migrationUrl ?? databaseUrl;
  const owner = createClient(ownerUrl, startName);
  try {
    const ownerSetting = migrationUrl === undefined ? 'DATABASE_URL' : 'DATABASE_MIGRATION_URL';
    await steps.run(connecting, async () => {
      await connect(owner, ownerSetting);
      await checkOwner(owner, server);
    });
    await takeStartLock(owner, ownerUrl, steps);
    await prepare(owner, settings, server, steps, progress);
    return await work(server);
  } finally {
    await endSoon(owner);
  }
}

/** @throws when the database does not store UTF-8 */
async function checkOwner(owner: Client, server: ServerCheck): Promise<void> {
  await server.check(owner);
  const { rows } = await owner.query<{ encoding: string }>(
    `SELECT current_setting('server_encoding') AS encoding`,
  );
  if (rows[0]?.encoding !== 'UTF8') throw new Error('The database must have the encoding UTF8.');
}

/** Runs with the start lock, on the connection of its owner. */
async function prepare(
  owner: Client,
  { databaseUrl, migrationUrl, redisUrl }: Settings,
  server: ServerCheck,
  steps: Steps,
  progress: (message: string) => void,
): Promise<void> {
  const ownerUrl = migrationUrl ?? databaseUrl;
  const keepsJobs = redisUrl === undefined;
  const slow = { timeoutMs: updateMs, waitsFor: () => blockersOfStart(ownerUrl) };
  await steps.run({ ...slow, what: 'updating the database schema' }, async () => {
    await migrate(ownerUrl, server, progress);
    if (keepsJobs) await runMigrations(owner, jobSchema);
    if (migrationUrl !== undefined) await grantTo(owner, databaseUrl, keepsJobs);
  });
  await steps.run({ ...slow, what: 'preparing the search' }, () =>
    fillSearchNames(owner, progress),
  );
  await steps.run({ ...slow, what: 'building indexes' }, () => buildLateIndexes(owner, progress));
}

/** @throws when the server of this URL must not be relied on, with advice */
async function refuseUnreliable(url: string, server: ServerCheck): Promise<void> {
  const client = createClient(url, startName);
  try {
    await connect(client, 'DATABASE_URL');
    await server.check(client);
  } catch (error) {
    if (!(error instanceof UnreliableServer)) throw error;
    throw new Error(
      `${error.message}. Use the primary, with this setting on. ` +
        'Only for development there is KEYFENCE_ALLOW_UNSAFE_DATABASE=true.',
      { cause: error },
    );
  } finally {
    await endSoon(client);
  }
}

async function migrate(
  url: string,
  server: ServerCheck,
  progress: (message: string) => void,
): Promise<void> {
  const { connectionString, options } = connectionTo(url);
  const dataSource = new DataSource({
    type: 'postgres',
    url: connectionString,
    applicationName: startName,
    migrations,
    installExtensions: false,
    extra: { options, onConnect: server.check },
  });
  await dataSource.initialize();
  try {
    if (!(await dataSource.showMigrations())) return;
    progress('Updating the database schema…');
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      // Each one is stored by itself, even if a later one fails.
      for (const migration of dataSource.migrations) {
        if (migration instanceof MendRows1764000014100) migration.report.forEach(progress);
      }
    }
  } finally {
    await dataSource.destroy();
  }
}

/** Grants the service's role what it needs, and no way to rewrite the audit log or the history. */
async function grantTo(owner: Client, url: string, keepsJobs: boolean): Promise<void> {
  const service = createClient(url);
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
        sessions, sign_in_links, sign_in_tokens, sign_in_mails, identities,
        barred_identities, ended_memberships, key_revocations TO ${role};
      GRANT SELECT, UPDATE ON installation TO ${role};
      GRANT SELECT, INSERT ON audit_events TO ${role};
      GRANT SELECT ON audit_chain, auth_head, auth_log TO ${role};
      GRANT EXECUTE ON FUNCTION auth_advance, new_identity_id, search_fold TO ${role};
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
