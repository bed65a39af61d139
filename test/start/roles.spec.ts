import { randomBytes } from 'node:crypto';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import type { KeyId } from '../../src/common/ids.js';
import { backends } from '../support/backends.js';
import { createDatabase } from '../support/environment.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import { startService } from '../support/service.js';
import { itUnless } from '../support/unless.js';
import { addFlush, oneUse, untilCounted } from '../support/usage.js';

describe('KEYFENCE_ROLE', () => {
  function startWorker(
    databaseUrl: string,
    dataDir: string,
    variables: Record<string, string> = {},
  ): Promise<ServiceProcess> {
    return startProcess({
      DATABASE_URL: databaseUrl,
      KEYFENCE_SECRET: randomBytes(32).toString('hex'),
      KEYFENCE_DATA_DIR: dataDir,
      KEYFENCE_ROLE: 'worker',
      ...variables,
    });
  }

  for (const { name, skip, open } of backends) {
    itUnless(skip, `leaves the jobs of an api to a worker, over ${name}`, async () => {
      const backend = await open();
      const api = await startService({ settings: { ...backend.settings, role: 'api' } });
      try {
        const me = await api.operator.get('/v1/whoami');
        const flush = oneUse(me.body.keyId as KeyId);
        await addFlush(api, flush);
        const { databaseUrl, dataDir } = api.settings;
        const worker = await startWorker(databaseUrl, dataDir, backend.environment);
        await untilCounted(api.db, flush);
        expect(await worker.end('SIGTERM')).toEqual({ code: 0 });
      } finally {
        await api.stop();
        await backend.close();
      }
    });
  }

  it('a worker reports about itself and responds to nothing else', async () => {
    const api = await startService({ settings: { role: 'api' } });
    const worker = await startWorker(api.settings.databaseUrl, api.settings.dataDir);
    try {
      const get = (path: string) =>
        fetch(worker.url + path, { headers: { 'x-api-key': api.operator.key ?? '' } });
      for (const path of ['/livez', '/readyz', '/metrics']) {
        expect([path, (await get(path)).status]).toEqual([path, 200]);
      }
      for (const path of ['/v1/whoami', '/v1/orgs', '/docs', '/nothing']) {
        expect([path, (await get(path)).status]).toEqual([path, 404]);
      }
      // A proxy does not know a 404 as a response: it is a no.
      expect((await get('/v1/forward-auth/any')).status).toBe(401);
    } finally {
      await worker.end('SIGTERM');
      await api.stop();
    }
  });

  it('a worker that comes first leaves the first start to an api', async () => {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-role-'));
    const db = new Pool({ connectionString: database.adminUrl });
    // Dropping the database ends connections that are still being closed.
    db.on('error', () => undefined);
    try {
      const worker = await startWorker(database.url, dataDir);
      await worker.end('SIGTERM');
      expect((await db.query('SELECT FROM organisations')).rowCount).toBe(0);
      await expect(access(join(dataDir, 'operator-key'))).rejects.toThrow(/ENOENT/);
    } finally {
      await db.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
