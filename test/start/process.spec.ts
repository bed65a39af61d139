import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { cleanEnvironment, startProcess } from '../support/process.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const run = promisify(execFile);
const secret = 'a secret of at least thirty-two characters';

describe('the process', () => {
  let database: Database;
  let dataDir: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-process-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: secret,
      KEYFENCE_DATA_DIR: dataDir,
    };
  });
  afterAll(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const operatorKey = async () => (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
  const whoami = (url: string, key: string) => new Caller(url, [], key).get('/v1/whoami');

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with code 0 on ${signal}`, async () => {
      const service = await startProcess(environment);
      expect(await service.end(signal)).toEqual({ code: 0 });
    });
  }

  it('warns of a variable that is no setting, and names the nearest one', async () => {
    const service = await startProcess({ ...environment, KEYFENCE_DATADIR: '/var/lib/keyfence' });
    await service.end('SIGTERM');
    expect(service.output()).toMatch(
      /"level":40,.*"msg":"KEYFENCE_DATADIR is not a setting, and is ignored\. Do you mean KEYFENCE_DATA_DIR\?"/,
    );
    expect(service.output()).not.toContain('/var/lib/keyfence');
  });

  it('starts although the first response of the database takes longer than requests wait', async () => {
    const proxy = await TcpProxy.start(database.url);
    try {
      const query = proxy.holdRequest('read-fence');
      const starting = startProcess({
        ...environment,
        DATABASE_URL: proxy.url(database.url),
        KEYFENCE_FENCE_TIMEOUT_MS: '250',
      });
      await Promise.race([query.reached, starting]);
      await delay(600);
      query.release();
      expect(await (await starting).end('SIGTERM')).toEqual({ code: 0 });
    } finally {
      await proxy.close();
    }
  });

  it('only one of several first starts at once makes an operator', async () => {
    const fresh = await createDatabase();
    try {
      const services = await Promise.all(
        Array.from({ length: 3 }, () =>
          startProcess({ ...environment, DATABASE_URL: fresh.url, KEYFENCE_DATA_DIR: dataDir }),
        ),
      );
      await Promise.all(services.map((service) => service.end('SIGTERM')));
      const client = new Client({ connectionString: fresh.url });
      await client.connect();
      const { rows } = await client.query('SELECT name FROM api_keys');
      await client.end();
      expect(rows).toEqual([{ name: 'operator key' }]);
    } finally {
      await fresh.drop();
      await rm(join(dataDir, 'operator-key'), { force: true });
    }
  });

  it('operator-key makes a further operator for those who lost theirs', async () => {
    const service = await startProcess(environment);
    const script = fileURLToPath(new URL('../../src/cli/operator-key.js', import.meta.url));
    const { stdout } = await run(process.execPath, [script], {
      env: cleanEnvironment(environment),
    });
    expect(stdout).not.toMatch(/kf_[0-9A-Za-z]{42}/);
    const response = await whoami(service.url, await operatorKey());
    await service.end('SIGTERM');
    expect(response.body.permissions).toContain('orgs:admin');
  });

  it('a node with another KEYFENCE_SECRET refuses to start and says why', async () => {
    const other = { ...environment, KEYFENCE_SECRET: secret.toUpperCase() };
    await expect(startProcess(other)).rejects.toThrow(/KEYFENCE_SECRET does not list a secret/);
  });
});
