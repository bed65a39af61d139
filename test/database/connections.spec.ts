import { describe, it } from 'node:test';
import { expect } from 'expect';
import { DataSource } from 'typeorm';
import { createJobPool, createPool } from '../../src/database/connection.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { startService } from '../support/service.js';

describe('connections to the database', () => {
  // A look-up of keys took 20 ms where its cost was estimated to be high, and a hundredth of it otherwise.
  it('compile no queries', async () => {
    const service = await startService();
    const logger = createLogger({ write: () => undefined });
    const { databaseUrl } = service.settings;
    const pools = [
      createPool(databaseUrl, 1, 1_000, logger),
      createJobPool(databaseUrl, 1, logger),
    ];
    try {
      for (const pool of pools) {
        expect((await pool.query('SHOW jit')).rows).toEqual([{ jit: 'off' }]);
      }
      const rows: unknown = await service.app.get(DataSource).query('SHOW jit');
      expect(rows).toEqual([{ jit: 'off' }]);
    } finally {
      for (const pool of pools) await pool.end();
      await service.stop();
    }
  });
});
