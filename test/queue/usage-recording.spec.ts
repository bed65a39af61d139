import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { OperatorKeyFile } from '../../src/bootstrap/operator-key-file.js';
import { backends } from '../support/backends.js';
import { count } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import { noOwnRedis, startRedis } from '../support/redis.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { describeUnless } from '../support/unless.js';
import { daysOf, untilUses, usageOf } from '../support/usage.js';

const uses = count(2_000, 10_000);
const keyCount = 50;
const concurrent = 40;
/** Milliseconds without the database: longer than until uses are handed over. */
const outage = count(12_000, 60_000);

type Key = Awaited<ReturnType<typeof createKey>>;

/** Uses the keys in turn, at several nodes at once. */
async function useKeys(urls: readonly string[], keys: readonly Key[], total: number) {
  let next = 0;
  const lane = async () => {
    for (let n = next; n < total; n = next) {
      next += 1;
      const headers = { 'x-api-key': keys[n % keys.length]?.secret ?? '' };
      const response = await fetch(`${urls[n % urls.length] ?? ''}/v1/whoami`, { headers });
      await response.arrayBuffer();
      expect(response.status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: concurrent }, lane));
}

async function totalOf(db: Pool, keys: readonly Key[]): Promise<number> {
  const all = await Promise.all(keys.map(({ id }) => usageOf(db, id)));
  return all.reduce((sum, usage) => sum + (usage?.uses ?? 0), 0);
}

for (const { name, skip, open } of backends) {
  describeUnless(skip, `uses of keys, by way of ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let org: Organisation;

    beforeAll(async () => {
      backend = await open();
      service = await startService({ settings: backend.settings });
      org = await createOrganisation(service);
    });
    afterAll(async () => {
      await service.stop();
      await backend.close();
    });

    /** One after the other: an organisation may not have many calls under way at a time. */
    const makeKeys = async (wanted: number) => {
      const keys: Key[] = [];
      for (let n = 0; n < wanted; n += 1) keys.push(await createKey(org.member, org));
      return keys;
    };

    const startNode = (): Promise<ServiceProcess> => {
      const { databaseUrl, dataDir, secrets } = service.settings;
      return startProcess({
        DATABASE_URL: databaseUrl,
        KEYFENCE_SECRET: secrets.join(','),
        KEYFENCE_DATA_DIR: dataDir,
        KEYFENCE_ROLE: 'api',
        ...backend.environment,
      });
    };

    it(`are exact: ${uses} of ${keyCount} keys at two nodes, also at those that have stopped`, async () => {
      const keys = await makeKeys(keyCount);
      const nodes: SecondService[] = [
        await startSecondService(service, { settings: { role: 'api' } }),
        await startSecondService(service, { settings: { role: 'api' } }),
      ];
      try {
        await useKeys(
          nodes.map(({ url }) => url),
          keys,
          uses,
        );
      } finally {
        for (const node of nodes) await node.stop();
      }
      await eventually(async () => (await totalOf(service.db, keys)) >= uses);
      for (const { id } of keys) {
        expect(await usageOf(service.db, id)).toMatchObject({ uses: uses / keyCount });
        const days = Object.values(await daysOf(service.db, id));
        expect(days.reduce((sum, each) => sum + each, 0)).toBe(uses / keyCount);
      }
    });

    it('are all recorded by a process that ends on SIGTERM', async () => {
      const keys = await makeKeys(3);
      const node = await startNode();
      try {
        await useKeys([node.url], keys, 300);
      } finally {
        expect(await node.end('SIGTERM')).toEqual({ code: 0 });
      }
      await eventually(async () => (await totalOf(service.db, keys)) >= 300);
      expect(await totalOf(service.db, keys)).toBe(300);
    });

    it('that were recorded are not lost when the process is killed, and never more than all are counted', async () => {
      const keys = await makeKeys(3);
      const node = await startNode();
      try {
        await useKeys([node.url], keys, 300);
        for (const { id } of keys) await untilUses(service.db, id, 100);
        await useKeys([node.url], keys, 300);
      } finally {
        await node.end('SIGKILL');
      }
      const total = await totalOf(service.db, keys);
      expect(total).toBeGreaterThanOrEqual(300);
      expect(total).toBeLessThanOrEqual(600);
    });
  });
}

describeUnless(noOwnRedis, 'uses of keys while Redis is away', () => {
  it('are stored, and counted once it is back; or at the end of the process', async () => {
    await using redis = await startRedis();
    const service = await startService({ settings: { redisUrl: redis.url } });
    try {
      const org = await createOrganisation(service);
      const key = await createKey(org.member, org);
      const away = () => service.log.some((line) => line.includes('could not add uses of keys'));
      await redis.kill();
      await useKeys([service.url], [key], 10);
      await eventually(away, 30_000);
      await useKeys([service.url], [key], 10);
      await redis.restart();
      await untilUses(service.db, key.id, 20);

      const node = await startSecondService(service, { settings: { role: 'api' } });
      await redis.kill();
      try {
        await useKeys([node.url], [key], 10);
      } finally {
        await node.stop();
      }
      expect(await usageOf(service.db, key.id)).toMatchObject({ uses: 30 });
    } finally {
      await service.stop();
    }
  });

  it('are counted at the end of the process also when it hangs', async () => {
    await using redis = await startRedis();
    const service = await startService({ settings: { redisUrl: redis.url } });
    try {
      const org = await createOrganisation(service);
      const key = await createKey(org.member, org);
      const node = await startSecondService(service, { settings: { role: 'api' } });
      try {
        await useKeys([node.url], [key], 10);
      } finally {
        redis.signal('SIGSTOP');
        await node.stop();
        redis.signal('SIGCONT');
      }
      // The job may have arrived as well.
      await eventually(async () => (await usageOf(service.db, key.id)) !== undefined);
      expect(await usageOf(service.db, key.id)).toMatchObject({ uses: 10 });
    } finally {
      await service.stop();
    }
  });
});

describe('uses of keys while the database is away', () => {
  it('are stored, keep nobody waiting who does not need it, and are counted once it is back', async () => {
    const service = await startService();
    const proxy = await TcpProxy.start(service.settings.databaseUrl);
    const databaseUrl = proxy.url(service.settings.databaseUrl);
    const node = await startSecondService(service, { settings: { databaseUrl } });
    try {
      const org = await createOrganisation(service);
      const key = await createKey(org.member, org);
      await useKeys([node.url], [key], 100);
      await proxy.refuse();
      const end = Date.now() + outage;
      while (Date.now() < end) {
        expect((await node.nobody.get('/livez')).status).toBe(200);
        expect((await node.as(key.secret).get('/v1/whoami')).status).toBe(503);
        await delay(100);
      }
      await proxy.heal();
      await eventually(async () => (await node.nobody.get('/readyz')).status === 200);
      await useKeys([node.url], [key], 100);
      await untilUses(service.db, key.id, 200);
      expect(await usageOf(service.db, key.id)).toMatchObject({ uses: 200 });
    } finally {
      await node.stop();
      await proxy.close();
      await service.stop();
    }
  });
});

describe('the first operator key', () => {
  it('is not used by the service itself', async () => {
    const service = await startService();
    try {
      const key = service.operator.key ?? '';
      const { databaseUrl, dataDir, secrets } = service.settings;
      const keyFile = service.app.get(OperatorKeyFile);
      await keyFile.write(key);
      const environment = {
        DATABASE_URL: databaseUrl,
        KEYFENCE_SECRET: secrets.join(','),
        KEYFENCE_DATA_DIR: dataDir,
      };
      const node = await startProcess(environment);
      await node.end('SIGTERM');
      expect((await service.db.query('SELECT FROM key_usage')).rowCount).toBe(0);
    } finally {
      await service.stop();
    }
  });
});
