import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { createClient, createJobPool, createPool } from '../../src/database/connection.js';
import { ServerCheck } from '../../src/database/server-checks.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { startService } from '../support/service.js';

describe('connections to the database', () => {
  // A look-up of keys took 20 ms where its cost was estimated to be high, and a hundredth of it otherwise.
  it('compile no queries', async () => {
    const service = await startService();
    const logger = createLogger({ write: () => undefined });
    const context = { logger, server: new ServerCheck(false) };
    const { databaseUrl } = service.settings;
    const pools = [
      createPool(databaseUrl, 1, 1_000, context),
      createJobPool(databaseUrl, 1, context),
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

  it('ask for what responses depend on, also where the URL has options of its own', async () => {
    const service = await startService();
    const url = new URL(service.settings.databaseUrl);
    url.searchParams.set('options', String.raw`-c DateStyle=German -c geqo=off -c work_mem=5MB`);
    const logger = createLogger({ write: () => undefined });
    const context = { logger, server: new ServerCheck(false) };
    const pool = createPool(url.toString(), 1, 1_000, context);
    const client = createClient(url.toString());
    try {
      await client.connect();
      for (const connection of [pool, client]) {
        const { rows } = await connection.query<Record<string, string>>(
          `SELECT name, setting FROM pg_settings
           WHERE name IN ('DateStyle', 'geqo', 'work_mem', 'default_transaction_isolation') ORDER BY 1`,
        );
        expect(rows.map(({ setting }) => setting)).toEqual([
          'ISO, DMY',
          'read committed',
          'off',
          '5120',
        ]);
      }
    } finally {
      await client.end();
      await pool.end();
      await service.stop();
    }
  });
});
