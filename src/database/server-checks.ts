import { Client, type ClientBase } from 'pg';

/**
 * Why answers of this server are not to be relied on, as SQL; null when they are. On a replica a
 * change may not have arrived, and without these settings one that was acknowledged can be lost.
 */
export const hazard = `
  CASE
    WHEN pg_is_in_recovery() THEN 'it is a replica, or still recovering'
    WHEN current_setting('fsync') = 'off' THEN 'fsync is off'
    WHEN current_setting('full_page_writes') = 'off' THEN 'full_page_writes is off'
    WHEN current_setting('synchronous_commit') = 'off' THEN 'synchronous_commit is off'
  END`;

/**
 * Which line of history a server writes, as SQL: a standby that is promoted begins a new one. Null
 * on a replica, which writes none.
 */
export const timeline = `
  CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END`;

/** @throws when the server of this URL is not to be relied on, and says why */
export async function refuseHazard(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ hazard: string | null }>(`SELECT ${hazard} AS hazard`);
    const found = rows[0]?.hazard ?? null;
    if (found === null) return;
    throw new Error(
      `This database could forget that a key was revoked: ${found}. ` +
        'Use the primary, with this setting on. For development alone there is KEYFENCE_ALLOW_UNSAFE_DATABASE=true.',
    );
  } finally {
    await client.end();
  }
}

/**
 * Looks at each new connection, so that a service that has begun to work on one database never
 * takes answers from another one that is found under the same address.
 */
export class ServerCheck {
  private system: string | undefined;
  private timeline = '';

  /** @throws when this is another database cluster, or one that a newer primary has replaced */
  readonly check = async (client: ClientBase): Promise<void> => {
    const { rows } = await client.query<{ system: string; timeline: string | null }>(
      `SELECT system_identifier::text AS system, ${timeline} AS timeline FROM pg_control_system()`,
    );
    const [found] = rows;
    this.system ??= found?.system;
    if (found?.system !== this.system) {
      throw new Error('another database cluster answers at DATABASE_URL: start the service anew');
    }
    // Eight hexadecimal digits: they compare as text.
    const line = found?.timeline ?? '';
    if (line < this.timeline) throw new Error('a primary that was replaced answers');
    this.timeline = line;
  };
}
