import type { Client } from 'pg';
import { SettingsError } from '../config/settings.js';
import { errorCode } from './errors.js';

/** What an operator can correct, by SQLSTATE or Node's code. */
function reasonFor(error: unknown, { host, port }: Client): string | undefined {
  const server = `${host}:${port}`;
  switch (errorCode(error)) {
    case '28P01':
      return `PostgreSQL on ${server} refuses the user or the password. Correct them.`;
    case '28000':
      return `PostgreSQL on ${server} refuses the connection: ${(error as Error).message}.`;
    case '3D000':
      return `PostgreSQL on ${server} has no database of this name. Create it, or correct the name.`;
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `nothing listens on ${server}. Start PostgreSQL there, or correct host and port.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host ${host} is not known. Correct it.`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${server} does not respond. Correct host and port, or open the network to it.`;
    default:
      return undefined;
  }
}

/**
 * Connects for the first time.
 *
 * @param setting has the URL of this client
 * @throws SettingsError which names the setting when its URL is wrong; any other error as it is
 */
export async function connect(
  client: Client,
  setting: 'DATABASE_URL' | 'DATABASE_MIGRATION_URL',
): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const reason = reasonFor(error, client);
    if (reason === undefined) throw error;
    throw new SettingsError(`${setting} cannot be used: ${reason}`, { cause: error });
  }
}
