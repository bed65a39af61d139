import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import { Verifier } from '../../../src/verification/verifier.js';
import { eventually } from '../../support/eventually.js';
import { fenceQuery } from '../../support/failpoint.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

describe('connections for verifications', () => {
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  let node: SecondService;
  let key: { id: string; secret: string };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    proxy = await TcpProxy.start(service.settings.databaseUrl);
    const databaseUrl = proxy.url(service.settings.databaseUrl);
    node = await startSecondService(service, { settings: { databaseUrl } });
    key = await createKey(org.member, org);
    expect((await ask()).status).toBe(200);
  });
  afterAll(async () => {
    await node.stop();
    await proxy.close();
    await service.stop();
  });

  const ask = () => node.as(key.secret).get('/v1/whoami');

  it('may hang: a third one takes over, and knows what was revoked meanwhile', async () => {
    const [one, two] = [proxy.holdResponse(fenceQuery), proxy.holdResponse(fenceQuery)];
    const first = ask();
    await one.reached;
    const second = ask();
    await two.reached;
    expect((await ask()).status).toBe(200);
    await org.manager.delete(org.path(`/keys/${key.id}`));
    expect((await ask()).status).toBe(401);
    one.release();
    two.release();
    // What was under way when it was revoked may have either response.
    expect([200, 401]).toContain((await first).status);
    expect([200, 401]).toContain((await second).status);
    expect((await ask()).status).toBe(401);
  });

  it('may end while nobody uses them: verifications open others', async () => {
    const { secret } = await createKey(org.member, org);
    const whoami = async () => (await node.as(secret).get('/v1/whoami')).status;
    expect(await whoami()).toBe(200);
    await service.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query ~ 'AS head' AND state = 'idle'`,
    );
    await eventually(() => node.log.some((line) => line.includes('connection broke')));
    // Of several that end at once, some may not be known to have ended yet.
    await eventually(async () => (await whoami()) === 200);
  });

  it('are left for others while calls ask about many keys that are not cached', async () => {
    const { secret } = await createKey(org.member, org);
    const caller = node.as(secret);
    expect((await caller.get('/v1/whoami')).status).toBe(200);
    const held = proxy.holdResponse(`${fenceQuery} records`);
    const call = () => {
      const questions = Array.from({ length: 50 }, () => ({ key: newSecret('kf') }));
      return caller.post('/v1/verify/batch', { questions });
    };
    const first = call();
    await held.reached;
    let others = 0;
    const rest = Array.from({ length: 4 }, async () => {
      expect((await call()).status).toBe(200);
      others += 1;
    });
    for (let time = 0; time < 20; time += 1) {
      expect((await caller.get('/v1/whoami')).status).toBe(200);
    }
    // They wait for the query of the first, however many connections are free.
    expect(others).toBe(0);
    held.release();
    expect((await first).status).toBe(200);
    await Promise.all(rest);
  });

  it('end with the node, also one whose query is under way', async () => {
    const databaseUrl = proxy.url(service.settings.databaseUrl);
    const other = await startSecondService(service, { settings: { databaseUrl } });
    const verifier = other.app.get(Verifier);
    await verifier.ping();
    const held = proxy.holdResponse(fenceQuery);
    const ping = verifier.ping();
    await held.reached;
    const stopped = other.stop();
    await delay(200);
    held.release();
    await ping;
    await stopped;
  });
});
