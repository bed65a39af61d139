import type { Client } from 'pg';

/**
 * Why this server must not be relied on, as SQL; null when it may be. A replica may lack a change, and
 * without these settings a confirmed change can be lost.
 */
export const hazard = `
  CASE
    -- A transaction that began on a replica has its snapshot, even if it was promoted since.
    WHEN pg_is_in_recovery() OR (
      current_setting('transaction_read_only') = 'on'
      AND current_setting('default_transaction_read_only') = 'off'
    ) THEN 'it is a replica, or still recovering'
    WHEN current_setting('fsync') = 'off' THEN 'fsync is off'
    WHEN current_setting('full_page_writes') = 'off' THEN 'full_page_writes is off'
    WHEN current_setting('synchronous_commit') = 'off' THEN 'synchronous_commit is off'
    WHEN current_setting('session_replication_role') = 'replica'
      THEN 'session_replication_role turns foreign keys off'
  END`;

/**
 * The timeline that a server writes, as SQL: a promoted standby begins a new one. Null on a replica,
 * which writes none.
 */
const timeline = `
  CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END`;

/** What a response shows about the server that it is from. */
export interface ServerState {
  hazard: string | null;
  /** Eight hexadecimal digits, which compare as text. */
  timeline: string | null;
}

/** Columns of a `ServerState`, as SQL. */
export const serverState = `${hazard} AS hazard, ${timeline} AS timeline`;

/** Nothing from this server counts: it is treated as unavailable. */
export class UnreliableServer extends Error {
  override readonly name = 'UnreliableServer';
}

/**
 * Checks the servers behind all connections of a process. A service that works on one database never
 * accepts responses from another one under the same address.
 */
export class ServerCheck {
  private system: string | undefined;
  /** The largest timeline that was seen. */
  private timeline = '';
  /** Open connections, with the timeline that they had when they were opened. */
  private readonly connections = new Map<Client, string>();

  /** @param allowUnsafe whether hazards are ignored */
  constructor(private readonly allowUnsafe: boolean) {}

  /**
   * Checks a new connection.
   *
   * @throws UnreliableServer when it leads to another cluster, or as `admit` does
   */
  readonly check = async (client: Client): Promise<void> => {
    const { rows } = await client.query<ServerState & { system: string }>(
      `SELECT system_identifier::text AS system, ${serverState} FROM pg_control_system()`,
    );
    const [found] = rows;
    if (found === undefined) throw new UnreliableServer('it does not identify itself');
    this.system ??= found.system;
    if (found.system !== this.system) {
      throw new UnreliableServer('another database cluster responds: restart the service');
    }
    this.admit(found);
    this.connections.set(client, found.timeline ?? '');
    client.once('end', () => this.connections.delete(client));
  };

  /**
   * Checks a response: the server of an open connection may no longer be the primary.
   *
   * @throws UnreliableServer when it must not be relied on, or a newer primary has replaced it
   */
  admit({ hazard, timeline }: ServerState): void {
    if (hazard !== null && !this.allowUnsafe) {
      throw new UnreliableServer(`this database could forget that a key was revoked: ${hazard}`);
    }
    if (timeline === null) return;
    if (timeline < this.timeline)
      throw new UnreliableServer('a primary that was replaced responds');
    if (timeline === this.timeline) return;
    this.timeline = timeline;
    this.cutOff(timeline);
  }

  /** Closes connections to a primary that was replaced, as if it were gone: it should be. */
  private cutOff(timeline: string): void {
    for (const [client, found] of this.connections) {
      if (found < timeline) client.connection.stream.destroy();
    }
  }
}
