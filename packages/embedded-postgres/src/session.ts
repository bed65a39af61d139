import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { SUPERUSER, type Passwords } from './cluster.js';

/** Database and user of the service. */
export const SERVICE = 'keyfence';

/**
 * A connection that is open as long as the server is used. When it ends, the server is gone. Its name
 * shows other processes whether somebody looks after the server. Both end with the process, however it
 * dies; a lock file would not.
 */
export interface Session {
  /** Resolves when the connection is over, for any reason. */
  readonly ended: Promise<void>;
  readonly client: Client;
  /** From now on the session does not keep this process alive. */
  readonly release: () => void;
  close(): Promise<void>;
}

type Part = 'owner' | 'guest';

const OWNER_TIMEOUT_MS = 2000;

/** Connects as the superuser. */
export async function openSession(port: number, superuser: string, part: Part): Promise<Session> {
  const socket = new Socket();
  const client = new Client({
    stream: () => socket,
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: superuser,
    // Not the service's own database: a connection there would prevent it from being copied or dropped.
    database: 'postgres',
    application_name: sessionName(part),
    connectionTimeoutMillis: 5000,
    ssl: false, // else PGSSLMODE decides
  });
  client.on('error', () => undefined); // 'end' follows, and is enough
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await client.connect();
  return {
    client,
    ended,
    release: () => {
      socket.unref();
    },
    close: async () => {
      socket.ref();
      await client.end().catch(() => undefined);
    },
  };
}

/** Whether a living process looks after the server. One that has just started it may need a moment. */
export async function hasOwner(session: Session, signal: AbortSignal): Promise<boolean> {
  const text = 'SELECT FROM pg_stat_activity WHERE application_name = $1';
  const deadline = Date.now() + OWNER_TIMEOUT_MS;
  for (;;) {
    const { rowCount } = await session.client.query(text, [sessionName('owner')]);
    if (rowCount !== 0) return true;
    if (Date.now() > deadline) return false;
    await sleep(50, undefined, { signal });
  }
}

/** Creates the service's user, who is no superuser, and its database, if they are missing. */
export async function ensureDatabase({ client }: Session, passwords: Passwords): Promise<boolean> {
  const roles = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [SERVICE]);
  if (roles.rowCount === 0) {
    // CREATEDB lets a test suite copy a template; in a cluster of our own it opens nothing else.
    const password = client.escapeLiteral(passwords.service);
    await client.query(`CREATE ROLE ${SERVICE} LOGIN CREATEDB PASSWORD ${password}`);
  }
  const databases = await client.query('SELECT FROM pg_database WHERE datname = $1', [SERVICE]);
  if (databases.rowCount !== 0) return false;
  await client.query(`CREATE DATABASE ${SERVICE} OWNER ${SERVICE}`);
  return true;
}

function sessionName(part: Part): string {
  return `keyfence supervisor (${part})`;
}
