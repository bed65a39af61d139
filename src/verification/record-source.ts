import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { createPool } from '../database/connection.js';
import { HeldConnections } from '../database/held-connections.js';
import { ServerCheck } from '../database/server-checks.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { DirectReader } from './direct-reader.js';
import { Fence } from './fence.js';
import { FencedRecords, type Reset } from './fenced-records.js';
import { RecordCache } from './record-cache.js';
import type { RecordReader } from './record-reader.js';
import { RecordStore } from './record.store.js';

/**
 * Connections for verifications only: two queries of the fence, one for when both hang, and one for a
 * query about many keys that are not cached.
 */
const fenceConnections = 4;
const directConnections = 10;

/** The number of connections for verifications. */
export const verificationConnections = ({ verifyMode, verificationConnections: given }: Settings) =>
  given ?? (verifyMode === 'direct' ? directConnections : fenceConnections);

/** Milliseconds that a query may take if each request has one of its own. */
const directTimeout = 1_000;

/** Builds the reader that is set, with connections of its own. */
@Injectable()
export class RecordSource implements OnApplicationShutdown {
  readonly reader: RecordReader;
  private readonly connections: { end: () => Promise<void> };

  constructor(
    settings: Settings,
    private readonly log: Log,
    private readonly metrics: Metrics,
    server: ServerCheck,
  ) {
    const context = { logger: log.logger, server };
    const { databaseUrl, verifyMode, fenceTimeout } = settings;
    const isDirect = verifyMode === 'direct';
    const max = verificationConnections(settings);
    const timeout = isDirect ? directTimeout : fenceTimeout;
    const pool = createPool(databaseUrl, max, timeout, context);
    const connections = isDirect ? pool : new HeldConnections(pool);
    this.connections = connections;
    metrics.watchPool('verification', connections);
    if (settings.allowUnsafeDatabase) {
      log.logger.warn('KEYFENCE_ALLOW_UNSAFE_DATABASE is set: a revoked key may come back to life');
    }
    const store = new RecordStore(connections, server);
    this.reader = isDirect ? new DirectReader(store) : this.fence(store, settings, max);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.end();
  }

  private fence(
    store: RecordStore,
    { cacheKeys, fenceTimeout }: Settings,
    connections: number,
  ): Fence {
    const cache = new RecordCache(cacheKeys);
    this.metrics.watch('cached_keys', 'Keys whose records are cached.', () => cache.size);
    const records = new FencedRecords(cache, (reason) => {
      this.reportReset(reason);
    });
    const ask: RecordStore['ask'] = async (question) => {
      this.metrics.countFenceQuery();
      return store.ask(question);
    };
    const beside = Math.max(2, connections - 1);
    return new Fence({ ask, records, connections: beside, timeout: fenceTimeout });
  }

  private reportReset(reason: Reset): void {
    this.metrics.countCacheReset(reason);
    if (reason === 'regression') {
      this.log.logger.error('the database has lost changes that it had confirmed');
    } else {
      this.log.logger.warn({ reason }, 'the cache of records was dropped');
    }
  }
}
