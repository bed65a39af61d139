import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hold, untilWaiting } from '../../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { openSocket } from '../../support/raw-http.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

describe('a service that is asked to stop', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const lock = () =>
    hold(service.db, 'SELECT FROM organisations WHERE id = $1 FOR UPDATE', [org.id]);

  /** Waits until it takes no new connections. */
  async function untilClosed({ url }: SecondService): Promise<void> {
    for (;;) {
      try {
        (await openSocket(url)).destroy();
      } catch {
        return;
      }
      await delay(5);
    }
  }

  it('responds to the request that it is handling, and keeps its change', async () => {
    const node = await startSecondService(service);
    const key = await createKey(org.member, org);
    const holder = await lock();
    const response = node.as(org.manager.key).delete(org.path(`/keys/${key.id}`));
    await untilWaiting(service.db);
    const stopped = node.stop();
    await untilClosed(node);
    await holder.rollback();
    const { status, body } = await response;
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'revoked' });
    await stopped;
    expect((await service.as(key.secret).get('/v1/whoami')).status).toBe(401);
  });

  it('also responds to what follows on a connection that it cannot close yet', async () => {
    const node = await startSecondService(service);
    const holder = await lock();
    const socket = await openSocket(node.url);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    const closed = once(socket, 'close');
    const common = `Host: x\r\nX-API-Key: ${org.manager.key}\r\n`;
    const body = '{"name":"last"}';
    socket.write(
      `POST ${org.path('/service-accounts')} HTTP/1.1\r\n${common}` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await untilWaiting(service.db);
    const stopped = node.stop();
    await untilClosed(node);
    socket.write(`GET /v1/whoami HTTP/1.1\r\n${common}\r\n`);
    await holder.rollback();
    await closed;
    await stopped;
    const statuses = [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['201', '200']);
  });

  it('ends, although clients keep idle connections open', async () => {
    const node = await startSecondService(service);
    const silent = await openSocket(node.url);
    const halting = await openSocket(node.url);
    halting.write('GET /livez HTTP/1.1\r\n');
    const idle = await openSocket(node.url);
    idle.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    const closed = [silent, halting, idle].map((socket) => once(socket.resume(), 'close'));
    await node.stop();
    await Promise.all(closed);
    await expect(openSocket(node.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('leaves no connection to the database behind', async () => {
    const connections = async () =>
      (
        await service.db.query(
          `SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'keyfence'`,
        )
      ).rowCount ?? 0;
    const before = await connections();
    const node = await startSecondService(service);
    await node.as(org.manager.key).get(org.path('/keys'));
    expect(await connections()).toBeGreaterThan(before);
    await node.stop();
    while ((await connections()) > before) await delay(5);
  });
});
