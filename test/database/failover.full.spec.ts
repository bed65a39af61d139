import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Settings } from '../../src/config/settings.js';
import { createJobPool } from '../../src/database/connection.js';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { OwnServer } from '../support/own-server.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { Browser, signIn } from '../support/sessions.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describe('when a standby has become the primary, and the old one still responds', () => {
  let old: OwnServer;
  let next: OwnServer;
  let service: Service;
  let org: Organisation;
  let key: { id: string; secret: string };
  let signedIn: Browser;
  let proxy: TcpProxy;

  beforeAll(async () => {
    old = await OwnServer.start();
    service = await startService({ database: old.database });
    org = await createOrganisation(service);
  });
  beforeEach(async () => {
    key = await createKey(org.member, org);
    signedIn = await signIn(service, org.member);
    next = await old.copy();
    proxy = await TcpProxy.start(old.database.url);
    await eventually(async () => (await service.nobody.get('/readyz')).status === 200);
  });
  afterEach(async () => {
    await proxy.close();
    await next.stop();
  });
  afterAll(async () => {
    await service.stop();
    await old.stop();
  });

  /** A node whose connections lead to the old primary, and new ones to the new one. */
  async function fail(node: SecondService): Promise<void> {
    expect(await ask(node)).toEqual({ key: 200, session: 200 });
    await next.promote();
    proxy.leadTo(next.database.url);
    await next.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [key.id]);
    await next.query(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [org.member.userId]);
  }

  const start = (settings: Partial<Settings> = {}) =>
    startSecondService(service, {
      settings: { databaseUrl: proxy.url(old.database.url), ...settings },
    });

  async function ask(node: SecondService) {
    const browser = new Browser(node.nobody, node.url, signedIn.cookie);
    const [first, second] = await Promise.all([
      node.as(key.secret).get('/v1/whoami'),
      browser.get(org.path('/keys')),
    ]);
    return { key: first.status, session: second.status };
  }

  const isRefused = async (node: SecondService) => {
    const { key: one, session: other } = await ask(node);
    expect([401, 503]).toContain(one);
    expect([401, 503]).toContain(other);
    return one === 401 && other === 401;
  };

  for (const verifyMode of ['strict', 'direct'] as const) {
    it(`a node that has met it accepts nothing from the old one (${verifyMode})`, async () => {
      const node = await start({ verifyMode });
      try {
        await fail(node);
        await old.cut('all others');
        const operator = node.as(service.operator.key ?? '');
        await eventually(async () => (await operator.get('/v1/orgs')).status === 200);
        await eventually(() => isRefused(node));
        expect((await node.as(org.manager.key).get('/v1/whoami')).status).toBe(200);
      } finally {
        await node.stop();
      }
    });
  }

  it('nor does it where verifications have met it first', async () => {
    const node = await start();
    try {
      await fail(node);
      await old.cut('of verifications');
      const manager = node.as(org.manager.key);
      await eventually(async () => (await manager.get('/v1/whoami')).status === 200);
      await eventually(() => isRefused(node));
      const change = () => manager.patch(org.path(`/keys/${org.manager.keyId}`), { name: 'new' });
      await eventually(async () => (await change()).status === 200);
      const rows = await next.query('SELECT name FROM api_keys WHERE id = $1', [org.manager.keyId]);
      expect(rows).toEqual([{ name: 'new' }]);
    } finally {
      await node.stop();
    }
  });

  it('a node that has met it when it started never begins with the old one', async () => {
    await next.promote();
    proxy.leadTo(next.database.url);
    const settings = { ...service.settings, databaseUrl: proxy.url(old.database.url) };
    const logger = createLogger({ write: () => undefined });
    await withPreparedDatabase(
      settings,
      () => undefined,
      async (server) => {
        proxy.leadTo(old.database.url);
        const pool = createJobPool(settings.databaseUrl, 1, { logger, server });
        await expect(pool.query('SELECT 1')).rejects.toThrow(
          'a primary that was replaced responds',
        );
        proxy.leadTo(next.database.url);
        expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
        await pool.end();
      },
    );
  });
});
