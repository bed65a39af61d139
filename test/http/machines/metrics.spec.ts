import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { expire } from '../../support/keys.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { addPerson, createKey, createOrganisation } from '../../support/organisation.js';
import type { Organisation } from '../../support/organisation.js';
import { sendRaw } from '../../support/raw-http.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { projectRoot } from '../../support/project.js';
import { startService, type Service } from '../../support/service.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

type Series = Record<string, number>;

/** `name{labels}` and value of each line. */
async function scrape({ nobody }: Pick<Service, 'nobody'>): Promise<Series> {
  const { status, text } = await nobody.get('/metrics');
  expect(status).toBe(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, series = '', value] = /^(.*) (\S+)$/.exec(line) ?? [];
      return [series, Number(value)];
    }),
  );
}

/** What grew by how much, of the series whose name begins so. */
async function growth(
  service: Pick<Service, 'nobody'>,
  name: string,
  work: () => Promise<unknown>,
): Promise<Series> {
  const earlier = await scrape(service);
  await work();
  const later = await scrape(service);
  return Object.fromEntries(
    Object.entries(later)
      .filter(([series]) => series.startsWith(name))
      .map(([series, value]): [string, number] => [
        series.slice(name.length),
        value - (earlier[series] ?? 0),
      ])
      .filter(([, grown]) => grown !== 0),
  );
}

const verifications = 'keyfence_verifications_total';
const changes = 'keyfence_changes_total';
const requests = 'keyfence_http_request_duration_seconds_count';

describe('GET /metrics', () => {
  let service: Service;
  let proxy: TcpProxy;
  /** Reaches the database through the proxy alone. */
  let node: SecondService;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    proxy = await TcpProxy.start(service.settings.databaseUrl);
    node = await startSecondService(service, {
      settings: { databaseUrl: proxy.url(service.settings.databaseUrl) },
    });
  });
  afterAll(async () => {
    await node.stop();
    await proxy.close();
    await service.stop();
  });

  const whoami = (secret: string) => service.as(secret).get('/v1/whoami');

  it('speaks the text format of Prometheus', async () => {
    const { headers, text } = await service.nobody.get('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(/^# TYPE keyfence_verifications_total counter$/m);
  });

  it('knows what the alerts are about', async () => {
    const alerts = await readFile(join(projectRoot, 'deploy', 'alerts.yml'), 'utf8');
    const { text } = await service.nobody.get('/metrics');
    const known = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    const asked = alerts.match(/keyfence_\w+/g)?.map((name) => name.replace(/_bucket$/, ''));
    expect(known).toEqual(expect.arrayContaining(asked ?? []));
  });

  it('has figures of the event loop, the process and both pools', async () => {
    const series = await scrape(service);
    expect(series).toMatchObject({
      nodejs_eventloop_lag_seconds: expect.any(Number),
      process_resident_memory_bytes: expect.any(Number),
    });
    for (const pool of ['verification', 'management']) {
      expect(series[`keyfence_pool_connections{pool="${pool}"}`]).toBeGreaterThan(0);
      expect(series[`keyfence_pool_connections_waiting{pool="${pool}"}`]).toBe(0);
      // Jobs of the background use them as well.
      const idle = `keyfence_pool_connections_idle{pool="${pool}"}`;
      await eventually(async () => ((await scrape(service))[idle] ?? 0) > 0);
    }
  });

  const states: Record<string, (key: { id: string; secret: string }) => Promise<unknown>> = {
    valid: () => Promise.resolve(),
    revoked: ({ id }) => org.manager.delete(org.path(`/keys/${id}`)),
    expired: ({ id }) => expire(service, id),
    ip_not_allowed: ({ id }) =>
      org.manager.patch(org.path(`/keys/${id}`), { allowedIps: ['192.0.2.0/24'] }),
  };
  for (const [code, change] of Object.entries(states)) {
    it(`counts a verification that ends with ${code}`, async () => {
      const key = await createKey(org.manager, org);
      await change(key);
      const grown = await growth(service, verifications, () => whoami(key.secret));
      expect(grown).toEqual({ [`{code="${code}"}`]: 1 });
    });
  }

  const ends: Record<string, string> = {
    owner_removed: 'DELETE FROM memberships WHERE user_id = $1',
    owner_deactivated: `UPDATE users SET status = 'deactivated' WHERE id = $1`,
    org_suspended: `UPDATE organisations SET status = 'suspended'
      WHERE id IN (SELECT org_id FROM memberships WHERE user_id = $1)`,
  };
  for (const [code, sql] of Object.entries(ends)) {
    it(`counts a verification that ends with ${code}`, async () => {
      const { id } = await createOrganisation(service);
      const person = await addPerson(service, id, 'member');
      await service.db.query(sql, [person.userId]);
      const grown = await growth(service, verifications, () => whoami(person.key));
      expect(grown).toEqual({ [`{code="${code}"}`]: 1 });
    });
  }

  it('counts keys that callers ask about, and the callers', async () => {
    const forged = `${org.manager.key.slice(0, -1)}${org.manager.key.endsWith('0') ? '1' : '0'}`;
    const grown = await growth(service, verifications, () =>
      service.operator.post('/v1/verify', { key: forged }),
    );
    expect(grown).toEqual({ '{code="valid"}': 1, '{code="malformed"}': 1 });
  });

  it('counts keys that nobody knows', async () => {
    const other = await startService();
    const grown = await growth(service, verifications, () => whoami(other.operator.key ?? ''));
    await other.stop();
    expect(grown).toEqual({ '{code="unknown"}': 1 });
  });

  it('responds while the database is away, and counts what failed', async () => {
    const grown = await growth(node, verifications, async () => {
      proxy.cut();
      expect((await node.as(org.manager.key).get('/v1/whoami')).status).toBe(503);
    });
    await proxy.heal();
    expect(grown).toEqual({ '{code="error"}': 1 });
  });

  it('counts the time of verifications', async () => {
    const grown = await growth(service, 'keyfence_verification_duration_seconds', () =>
      whoami(org.manager.key),
    );
    expect(grown).toMatchObject({ _count: 1, '_bucket{le="+Inf"}': 1 });
    expect(grown._sum).toBeGreaterThan(0);
    expect(grown._sum).toBeLessThan(1);
  });

  it('counts changes that were committed, that found a lock taken, and those in doubt', async () => {
    const rename = () => node.as(org.manager.key).patch(org.path(), { name: 'Renamed' });
    expect(await growth(node, changes, rename)).toEqual({ '{outcome="committed"}': 1 });

    await using row = await hold(service.db, 'SELECT FROM organisations WHERE id = $1 FOR UPDATE', [
      org.id,
    ]);
    expect(await growth(node, changes, rename)).toEqual({ '{outcome="busy"}': 1 });
    await row.rollback();

    await using head = await hold(service.db, 'SELECT FROM auth_head FOR UPDATE');
    const doubtful = await growth(node, changes, async () => {
      const response = rename();
      await untilWaiting(service.db);
      proxy.cut();
      await response;
    });
    await proxy.heal();
    await head.rollback();
    expect(doubtful).toEqual({ '{outcome="outcome_unknown"}': 1 });
  });

  it('counts attempts of a change that a deadlock ended', async () => {
    // Two transactions that want what the other one has; PostgreSQL ends ours, which looks first.
    // The other one queues for the table: for a row, the repeated attempt could come before it.
    const { rows } = await service.db.query<{ deadlock_timeout: string }>('SHOW deadlock_timeout');
    expect(rows[0]?.deadlock_timeout).toBe('1s');
    await using user = await hold(service.db, 'SELECT FROM users WHERE id = $1 FOR UPDATE', [
      org.manager.userId,
    ]);
    await user.query(`SET LOCAL deadlock_timeout = '1min'`);
    const grown = await growth(service, changes, async () => {
      const response = org.manager.patch(org.path(), { name: 'Deadlocked' });
      await untilWaiting(service.db);
      const blocked = user.query('LOCK TABLE organisations IN EXCLUSIVE MODE');
      await blocked;
      await user.rollback();
      expect((await response).status).toBe(200);
    });
    expect(grown).toEqual({ '{outcome="retried"}': 1, '{outcome="committed"}': 1 });
  });

  it('counts requests by method, pattern of the route and status', async () => {
    const grown = await growth(service, requests, async () => {
      await org.manager.get(org.path('/keys'));
      await org.manager.get('/v1/orgs/org_1/keys');
    });
    expect(grown).toMatchObject({
      '{method="GET",route="/v1/orgs/:orgId/keys",status="200"}': 1,
      '{method="GET",route="/v1/orgs/:orgId/keys",status="404"}': 1,
    });
  });

  it('no client can add labels, or learn of ids, paths and secrets', async () => {
    const send = async (round: string) => {
      for (const path of [
        `/${round}`,
        `/v1/${round}`,
        org.path(`/keys/${round}`),
        `/%zz${round}`,
      ]) {
        await service.nobody.get(path);
      }
      await service.nobody.get(`/v1/forward-auth/${round}`);
      await service.nobody.get(`/?key=${org.manager.key}`);
      for (const method of ['PURGE', 'SEARCH', 'TRACE', round.toUpperCase()]) {
        await sendRaw(service.url, { method, path: `/v1/forward-auth/any/${round}` });
      }
    };
    await send('first');
    const earlier = Object.keys(await scrape(service));
    for (let round = 0; round < 20; round += 1) await send(`round${round}`);
    const later = Object.keys(await scrape(service));
    const added = later.filter((series) => !earlier.includes(series));
    expect(added.filter((series) => series.startsWith('keyfence'))).toEqual([]);
    const text = later.join('\n');
    expect(text).toContain('{method="GET",route="none",status="404"}');
    expect(text).toContain('method="other",route="/v1/forward-auth/:permission/*",status="401"');
    expect(text).not.toMatch(/round|first|TRACE|(org|usr|key)_\w{26}|kf_/i);
  });

  it('services of one process count for themselves', async () => {
    const grown = await growth(node, verifications, () => whoami(org.manager.key));
    expect(grown).toEqual({});
  });
});
