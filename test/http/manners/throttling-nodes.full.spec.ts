import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { newSecret } from '../../../src/common/secret.js';
import { startClock, tick } from '../../support/clock.js';
import { createKey, createOrganisation } from '../../support/organisation.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import {
  fail,
  from,
  stopClock,
  storedFailures,
  toNextWindow,
  sendNonsense,
  untilStored,
} from '../../support/throttling.js';

const limit = 40;

describe('counts of failed authentications', () => {
  let service: Service;
  const nodes: SecondService[] = [];

  beforeAll(async () => {
    await stopClock();
    service = await startService({
      settings: { maxFailedAuthentications: limit, trustedProxies: ['127.0.0.1/32'] },
    });
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
  });
  afterAll(async () => {
    await service.stop().finally(startClock);
  });

  async function startNode(databaseUrl = service.settings.databaseUrl): Promise<SecondService> {
    const node = await startSecondService(service, { settings: { databaseUrl } });
    nodes.push(node);
    return node;
  }

  /** Fails until this is refused: long before the limit, as the counts of others arrive at once. */
  async function expectThrottledSoon({ nobody }: SecondService, ip: string): Promise<void> {
    for (let tries = 1; tries < limit; tries += 1) {
      if ((await sendNonsense(nobody, ip)).status === 429) return;
      tick(1_000);
      await delay(20);
    }
    throw new Error('it did not learn of the failures of others');
  }

  it('reach other nodes, with the first failure of the client there', async () => {
    const node = await startNode();
    await fail(service.nobody, '192.0.2.1', limit - 1);
    await untilStored(service, '192.0.2.1', limit - 1);
    await expectThrottledSoon(node, '192.0.2.1');
    expect((await sendNonsense(node.nobody, '192.0.2.2')).status).toBe(401);
  });

  it('add up from all nodes at once', async () => {
    const [one, two] = [await startNode(), await startNode()];
    const all = [service, one, two];
    await Promise.all(all.map(({ nobody }) => fail(nobody, '192.0.2.3', 10)));
    await untilStored(service, '192.0.2.3', 30);
  });

  it('outlive a restart, and what was counted last as well', async () => {
    const first = await startNode();
    await fail(first.nobody, '192.0.2.4', limit);
    nodes.pop();
    await first.stop();
    expect(await storedFailures(service, '192.0.2.4')).toBe(limit);
    await expectThrottledSoon(await startNode(), '192.0.2.4');
  });

  it('mean nothing to the next minute, on any node', async () => {
    const node = await startNode();
    await fail(service.nobody, '192.0.2.5', limit);
    await untilStored(service, '192.0.2.5', limit);
    toNextWindow();
    await fail(node.nobody, '192.0.2.5', 1);
    await untilStored(service, '192.0.2.5', limit + 1);
    await fail(node.nobody, '192.0.2.5', limit - 1);
    expect((await sendNonsense(node.nobody, '192.0.2.5')).status).toBe(429);
    await fail(service.nobody, '192.0.2.5', 1);
  });

  it('are written in one statement a second at most, and in none while nothing fails', async () => {
    await service.db.query(`
      CREATE TABLE writes (n serial);
      CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN INSERT INTO writes DEFAULT VALUES; RETURN NULL; END $$;
      CREATE TRIGGER writes AFTER INSERT ON failed_authentications
        FOR EACH STATEMENT EXECUTE FUNCTION note_write();
    `);
    const writes = async () => (await service.db.query('SELECT FROM writes')).rowCount;
    const { key } = (await createOrganisation(service)).member;
    const addresses = Array.from({ length: 100 }, (_, n) => `203.0.113.${n}`);
    await Promise.all(addresses.map((ip) => fail(service.nobody, ip, 2)));
    expect(await writes()).toBe(0);
    await untilStored(service, '203.0.113.99', 2);
    const { rows } = await service.db.query<{ sum: string }>(
      `SELECT sum(failures) FROM failed_authentications WHERE client LIKE '203.0.113.%'`,
    );
    expect([rows[0]?.sum, await writes()]).toEqual(['200', 1]);
    expect((await service.as(key).get('/v1/whoami', from('203.0.113.1'))).status).toBe(200);
    tick(20_000);
    await fail(service.nobody, '203.0.113.1', 1);
    await untilStored(service, '203.0.113.1', 3);
    expect(await writes()).toBe(2);
    await service.db.query('DROP FUNCTION note_write CASCADE; DROP TABLE writes');
  });

  it('go when they are old', async () => {
    await service.db.query(
      `INSERT INTO failed_authentications
       SELECT now() - interval '11 minutes', '10.0.0.' || n, 1 FROM generate_series(1, 100) n`,
    );
    await fail(service.nobody, '192.0.2.6', 1);
    await untilStored(service, '192.0.2.6', 1);
    const { rows } = await service.db.query(
      `SELECT client FROM failed_authentications WHERE client LIKE '10.0.0.%'`,
    );
    expect(rows).toEqual([]);
  });

  it('hold nothing of what was presented', async () => {
    const secret = newSecret('kf');
    await service.as(secret).get('/v1/whoami', from('192.0.2.7'));
    await untilStored(service, '192.0.2.7', 1);
    const { rows } = await service.db.query(
      `SELECT * FROM failed_authentications WHERE client = '192.0.2.7'`,
    );
    expect(rows).toEqual([{ client: '192.0.2.7', failures: 1, window_start: expect.any(Object) }]);
  });

  it('wait for a database that is away, and nobody waits with them', async () => {
    const proxy = await TcpProxy.start(service.settings.databaseUrl);
    const node = await startNode(proxy.url(service.settings.databaseUrl));
    const org = await createOrganisation(service);
    const { secret } = await createKey(org.member, org);
    const wellFormed = (key: string) => node.as(key).get('/v1/whoami', from('192.0.2.8'));
    const warnings = () => node.log.filter((line) => line.includes('could not write the counts'));
    try {
      expect((await wellFormed(secret)).status).toBe(200);
      proxy.cut();
      for (let round = 0; round < 4; round += 1) {
        await fail(node.nobody, '192.0.2.8', limit / 4);
        tick(1_000);
        await delay(50);
        expect((await wellFormed(secret)).status).toBe(503);
      }
      while (warnings().length === 0) await delay(5);
      expect((await sendNonsense(node.nobody, '192.0.2.8')).status).toBe(429);
      expect((await node.nobody.get('/livez')).status).toBe(200);
      expect(warnings()).toHaveLength(1);
      await proxy.heal();
      while ((await storedFailures(service, '192.0.2.8')) !== limit) {
        tick(1_000);
        await delay(50);
      }
      expect((await wellFormed(secret)).status).toBe(200);
    } finally {
      await node.stop();
      nodes.pop();
      await proxy.close();
    }
  });
});
