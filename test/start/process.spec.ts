import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'expect';
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

  before(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-process-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: secret,
      KEYFENCE_DATA_DIR: dataDir,
    };
  });
  after(async () => {
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

  it('starts although the first answer of the database takes longer than requests wait', async () => {
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
      const welcomes = services.filter((service) => service.output().includes('curl -s'));
      await Promise.all(services.map((service) => service.end('SIGTERM')));
      expect(welcomes.length).toBe(1);
    } finally {
      await fresh.drop();
      await rm(join(dataDir, 'operator-key'), { force: true });
    }
  });

  it('operator-key makes a further operator for those who lost theirs', async () => {
    const service = await startProcess(environment);
    const script = fileURLToPath(new URL('../../src/operator-key.js', import.meta.url));
    const { stdout } = await run(process.execPath, [script], {
      env: cleanEnvironment(environment),
    });
    expect(stdout).not.toMatch(/kf_[0-9A-Za-z]{42}/);
    const answer = await whoami(service.url, await operatorKey());
    await service.end('SIGTERM');
    expect(answer.body.permissions).toContain('orgs:admin');
  });

  it('a node with another KEYFENCE_SECRET refuses to start and says why', async () => {
    const other = { ...environment, KEYFENCE_SECRET: secret.toUpperCase() };
    await expect(startProcess(other)).rejects.toThrow(/KEYFENCE_SECRET does not list a secret/);
  });

  it('a taken PORT is named', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const start = startProcess({ ...environment, PORT: String(port) });
    await expect(start).rejects.toThrow(new RegExp(`PORT ${port} is taken`));
    server.close();
  });

  it('a wrong setting is named, with what is allowed', async () => {
    const start = startProcess({ ...environment, PORT: 'http' });
    await expect(start).rejects.toThrow(/PORT is not valid\. Allowed: a TCP port/);
  });
});
