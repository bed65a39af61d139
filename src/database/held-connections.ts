import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** Milliseconds after which an unused connection is not used again: a firewall may have forgotten it. */
const idleMs = 10_000;

interface Held {
  readonly client: PoolClient;
  readonly since: number;
}

/**
 * Connections of a pool that are checked out once and held between queries. Checking one out for each
 * query would cost it a second promise, and a place in the pool's queue.
 */
export class HeldConnections {
  private held: Held[] = [];
  private isEnded = false;

  /** @param pool opens and checks them, and bounds their number; nobody else uses it */
  constructor(private readonly pool: Pool) {}

  get totalCount(): number {
    return this.pool.totalCount;
  }

  get idleCount(): number {
    return this.held.length;
  }

  get waitingCount(): number {
    return this.pool.waitingCount;
  }

  /** @throws the driver's errors; the connection is closed then */
  query<T extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<T>> {
    const client = this.take();
    if (client !== undefined) return this.run(client, query);
    return this.open().then((opened) => this.run(opened, query));
  }

  /** Waits for queries that are under way. */
  async end(): Promise<void> {
    this.isEnded = true;
    for (const { client } of this.held.splice(0)) client.release();
    await this.pool.end();
  }

  private take(): PoolClient | undefined {
    const last = this.held.pop();
    if (last === undefined || performance.now() - last.since < idleMs) return last?.client;
    // All others have waited for longer.
    for (const { client } of [last, ...this.held.splice(0)]) client.release(true);
    return undefined;
  }

  private async open(): Promise<PoolClient> {
    const client = await this.pool.connect();
    // A held connection that breaks; the next query opens another one.
    client.on('error', (error) => {
      if (!this.held.some((each) => each.client === client)) return;
      this.held = this.held.filter((each) => each.client !== client);
      client.release(error);
      this.pool.emit('error', error, client);
    });
    return client;
  }

  private run<T extends QueryResultRow>(client: PoolClient, query: QueryConfig) {
    return new Promise<QueryResult<T>>((resolve, reject) => {
      client.query<T>(query, (error: Error | null | undefined, result) => {
        if (error) {
          client.release(error);
          reject(error);
          return;
        }
        if (this.isEnded) client.release();
        else this.held.push({ client, since: performance.now() });
        resolve(result);
      });
    });
  }
}
