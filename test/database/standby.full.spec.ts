import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { hazard } from '../../src/database/server-checks.js';
import { eventually } from '../support/eventually.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { OwnServer } from '../support/own-server.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { Browser, signIn } from '../support/sessions.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describe('while the address of the database leads to a standby that lags', () => {
  let primary: OwnServer;
  let standby: OwnServer;
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  let cookie: string;

  beforeAll(async () => {
    primary = await OwnServer.start();
    service = await startService({ database: primary.database });
    org = await createOrganisation(service);
    ({ cookie } = await signIn(service, org.member));
    standby = await primary.copy();
    proxy = await TcpProxy.start(primary.database.url);
    await eventually(async () => (await service.nobody.get('/readyz')).status === 200);
    const { status } = await service.operator.post(`/v1/users/${org.member.userId}/deactivate`);
    expect(status).toBe(200);
  });
  afterAll(async () => {
    await proxy.close();
    await service.stop();
    await standby.stop();
    await primary.stop();
  });

  const start = (allowUnsafeDatabase: boolean) =>
    startSecondService(service, {
      settings: { databaseUrl: proxy.url(primary.database.url), allowUnsafeDatabase },
    });

  async function lead({ database }: OwnServer): Promise<void> {
    proxy.leadTo(database.url);
    proxy.cut();
    await proxy.heal();
  }

  const session = ({ nobody, url }: SecondService) =>
    new Browser(nobody, url, cookie).get(org.path('/keys'));

  it('sessions and keys get 503, and it goes on with the primary', async () => {
    const node = await start(false);
    const manager = node.as(org.manager.key);
    try {
      expect((await session(node)).status).toBe(401);
      await lead(standby);
      for (let time = 0; time < 5; time += 1) {
        for (const response of [await session(node), await manager.get('/v1/whoami')]) {
          expect({ status: response.status, code: response.body?.code }).toEqual({
            status: 503,
            code: 'unavailable',
          });
        }
      }
      await lead(primary);
      await eventually(async () => (await manager.get('/v1/whoami')).status === 200);
      await eventually(async () => (await session(node)).status === 401);
    } finally {
      await lead(primary);
      await node.stop();
    }
  });

  it('so they are on open connections to a primary that could lose what it confirms', async () => {
    const browser = await signIn(service, org.manager);
    const ask = async () => [
      (await browser.get(org.path('/keys'))).status,
      (await org.manager.get('/v1/whoami')).status,
      (await org.manager.patch(org.path(`/keys/${org.manager.keyId}`), { name: 'new' })).status,
    ];
    const until = (status: number) =>
      eventually(async () => (await ask()).every((each) => each === status));
    await until(200);
    await primary.query('ALTER SYSTEM SET full_page_writes = off');
    await until(503);
    await primary.query('ALTER SYSTEM RESET full_page_writes');
    await until(200);
  });

  it('what it says is taken where the setting for development lets it pass', async () => {
    const node = await start(true);
    try {
      await lead(standby);
      await eventually(async () => (await session(node)).status === 200);
    } finally {
      await lead(primary);
      await node.stop();
    }
  });

  it('a transaction that began before a standby was promoted is not relied on afterwards', async () => {
    const client = new Client({ connectionString: standby.database.url });
    await client.connect();
    try {
      const hazards = async () =>
        (await client.query<{ hazard: string | null }>(`SELECT ${hazard} AS hazard`)).rows;
      await client.query('BEGIN');
      expect(await hazards()).toEqual([{ hazard: 'it is a replica, or still recovering' }]);
      await standby.promote();
      expect(await hazards()).toEqual([{ hazard: 'it is a replica, or still recovering' }]);
      await client.query('COMMIT');
      expect(await hazards()).toEqual([{ hazard: null }]);
    } finally {
      await client.end();
    }
  });
});
