import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Deliveries } from '../../src/notifications/deliveries.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { day, fromNow, pass, passUntilRetry, sweep } from '../support/reminders.js';
import { startService, type Service } from '../support/service.js';
import { createWebhook, passUntilTestEvent, type CreatedWebhook } from '../support/webhooks.js';

interface Row {
  id: string;
  state: string;
  attempts: number;
  reason: string | null;
}

describe('a receiver in trouble', () => {
  let receiver: Receiver;
  let service: Service;
  let org: Organisation;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
  });
  afterAll(async () => {
    await service.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    receiver.mood = 200;
    receiver.headers = {};
    org = await createOrganisation(service);
    webhook = await createWebhook(org, { url: receiver.url });
    receiver.received = [];
  });

  const sendTestEvent = async (): Promise<string> => {
    await passUntilTestEvent(service.db);
    const { body } = await org.manager.post(org.path(`${webhook.path}/ping`));
    return body.id as string;
  };

  async function sendTestEvents(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) ids.push(await sendTestEvent());
    return ids;
  }

  async function rowOf(id: string): Promise<Row> {
    const { body } = await org.manager.get(org.path(`${webhook.path}/deliveries`));
    const row = (body.items as Row[]).find((each) => each.id === id);
    if (row === undefined) throw new Error('there is no such delivery');
    return row;
  }

  /** Waits until no attempt at this webhook is under way: of each it is recorded how it ended. */
  const untilRecorded = () =>
    eventually(async () => {
      const { rowCount } = await service.db.query(
        'SELECT FROM deliveries WHERE recipient_id = $1 AND reason = $2',
        [webhook.path.split('/').at(-1), 'the attempt did not end'],
      );
      return rowCount === 0;
    });

  /** Lets the time pass until the next attempt, and does not wait for the round that begins it. */
  const retryNow = async () => {
    await passUntilRetry(service.db);
    await service.app.get(Deliveries).queueDue();
  };

  /** The delivery, when this many attempts have ended. */
  const tried = (id: string, attempts: number) =>
    eventually(async () => {
      const row = await rowOf(id);
      return row.attempts >= attempts && row.reason !== 'the attempt did not end' && row;
    }, 20_000);

  it('that responds with errors gets a bounded number of retries, under the same id', async () => {
    receiver.mood = 500;
    const id = await sendTestEvent();
    for (let attempts = 1; attempts <= 12; attempts += 1) {
      const state = attempts < 12 ? 'waiting' : 'failed';
      const reason = 'the receiver responded with 500';
      expect(await tried(id, attempts)).toMatchObject({ state, attempts, reason });
      const { rows } = await service.db.query(
        `SELECT extract(epoch FROM next_attempt_at - now()) > 60 * 2 ^ (attempts - 1) - 60 AS far
         FROM deliveries WHERE id = $1`,
        [id],
      );
      expect(rows).toEqual([{ far: attempts < 12 }]);
      await retryNow();
    }
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array(12).fill(id));
  });

  it('that hangs or ends the connection gets a retry, and holds up nobody else', async () => {
    receiver.mood = 'hangs';
    const hanging = await sendTestEvents(10);
    await receiver.until('ping', 10);
    receiver.mood = 'drops';
    expect(await tried(await sendTestEvent(), 1)).toMatchObject({ reason: 'socket hang up' });
    receiver.mood = 200;
    const next = await sendTestEvent();
    expect(await tried(next, 1)).toMatchObject({ state: 'sent' });
    expect(await tried(hanging[0] ?? '', 1)).toMatchObject({
      state: 'waiting',
      reason: 'no response within 10 seconds',
    });
  });

  it('that hangs holds up its own organisation alone, for however long it does', async () => {
    const [hanging, healthy] = [await startReceiver(), await startReceiver()];
    try {
      hanging.mood = 'hangs';
      webhook = await createWebhook(org, { url: hanging.url });
      await sendTestEvents(60);
      await hanging.until('ping', 20);
      // As if they had been handed to the queue so long ago that the jobs are taken for lost.
      await service.db.query(`UPDATE deliveries SET queued_at = queued_at - interval '2 minutes'`);
      await service.app.get(Deliveries).queueDue();
      const other = await createOrganisation(service);
      await createWebhook(other, { url: healthy.url });
      const key = await createKey(other.member, other);
      const [message] = await healthy.until('key.created');
      expect(message?.event.data.keyId).toBe(key.id);
      expect(hanging.received.length).toBeLessThanOrEqual(20);
    } finally {
      await hanging.close();
      await healthy.close();
    }
  });

  it('that says when to come back is left alone until then, for an hour at most', async () => {
    for (const [status, retryAfter, seconds] of [
      [429, '1800', 1_800],
      [503, '1800', 1_800],
      [429, '86400', 3_600],
      // Sooner than we would come anyway.
      [429, '5', 60],
      // Not said of being asked too often.
      [500, '1800', 60],
    ] as const) {
      receiver.mood = status;
      receiver.headers = { 'retry-after': retryAfter };
      const id = await sendTestEvent();
      const reason = `the receiver responded with ${status}`;
      expect(await tried(id, 1)).toMatchObject({ state: 'waiting', reason });
      const { rows } = await service.db.query(
        `SELECT next_attempt_at > now() + make_interval(secs => $2 - 30)
           AND next_attempt_at <= now() + make_interval(secs => $2) AS held
         FROM deliveries WHERE id = $1`,
        [id, seconds],
      );
      expect({ status, retryAfter, rows }).toEqual({ status, retryAfter, rows: [{ held: true }] });
    }
  });

  it('that redirects is not followed', async () => {
    receiver.mood = 302;
    const row = await tried(await sendTestEvent(), 1);
    expect(row).toMatchObject({ state: 'waiting', reason: 'the receiver responded with 302' });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook?token=t0ken']);
  });

  it('that is gone is sent no more', async () => {
    receiver.mood = 410;
    const row = await tried(await sendTestEvent(), 1);
    expect(row).toMatchObject({ state: 'failed', reason: 'the receiver responded with 410' });
  });

  it('that responds again gets what has waited, without what has become untrue', async () => {
    receiver.mood = 503;
    const expiring = { expiresAt: await fromNow(service.db, 10 * day) };
    const [active, revoked, moved] = await Promise.all(
      [1, 2, 3].map(() => createKey(org.member, org, expiring)),
    );
    const keys = [active, revoked, moved].map((key) => key?.id ?? '');
    for (const id of keys) await pass(service.db, id, 4 * day);
    await sweep(service);
    await receiver.until('key.expiring', 3);
    await org.member.delete(org.path(`/keys/${keys[1]}`));
    const sooner = { expiresAt: await fromNow(service.db, 5 * day) };
    await org.member.patch(org.path(`/keys/${keys[2]}`), sooner);
    await receiver.until('key.revoked');
    await untilRecorded();
    receiver.mood = 200;
    receiver.received = [];
    await retryNow();
    await eventually(async () => {
      const { body } = await org.manager.get(org.path(`${webhook.path}/deliveries?state=waiting`));
      return body.items.length === 0;
    });
    await receiver.until('key.created', 3);
    await receiver.until('key.revoked');
    const expiringKeys = (await receiver.until('key.expiring')).map(
      ({ event }) => event.data.keyId,
    );
    expect(expiringKeys).toContain(keys[0]);
    expect(expiringKeys).not.toContain(keys[1]);
    const { body } = await org.manager.get(org.path(`${webhook.path}/deliveries?state=obsolete`));
    expect((body.items as { keyId: string }[]).map(({ keyId }) => keyId)).toContain(keys[1]);
  });

  it('of a webhook that is removed is sent nothing more', async () => {
    receiver.mood = 503;
    const id = await sendTestEvent();
    await tried(id, 1);
    await org.manager.delete(org.path(webhook.path));
    await retryNow();
    await eventually(async () => {
      const { rows } = await service.db.query('SELECT state FROM deliveries WHERE id = $1', [id]);
      return (rows[0] as { state: string } | undefined)?.state === 'obsolete';
    });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids.filter((each) => each === id)).toHaveLength(1);
  });

  it('whose secret nobody can read any more is named, and nothing is sent unsigned', async () => {
    await service.db.query(`UPDATE webhooks SET secret = '\\x00' WHERE id = $1`, [webhook.id]);
    expect(await tried(await sendTestEvent(), 1)).toMatchObject({
      state: 'failed',
      reason: 'KEYFENCE_SECRET has changed: rotate the secret of the webhook',
    });
    expect(receiver.received).toEqual([]);
    const { body } = await org.manager.post(org.path(`${webhook.path}/rotate-secret`));
    expect(body.secret).toMatch(/^whsec_/);
    expect(await tried(await sendTestEvent(), 1)).toMatchObject({ state: 'sent' });
  });
});

describe('webhooks to private addresses', () => {
  it('are not sent, whatever a name stands for by then', async () => {
    const receiver = await startReceiver();
    const service = await startService();
    try {
      const org = await createOrganisation(service);
      const webhook = await createWebhook(org);
      // A name that has come to stand for something else, and one that was allowed once.
      for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
        const url = receiver.url.replace('127.0.0.1', host);
        await service.db.query('UPDATE webhooks SET url = $1', [url]);
        await passUntilTestEvent(service.db);
        const { body } = await org.manager.post(org.path(`${webhook.path}/ping`));
        const row = await eventually(async () => {
          const page = await org.manager.get(org.path(`${webhook.path}/deliveries?state=failed`));
          return (page.body.items as Row[]).find(({ id }) => id === body.id);
        });
        expect(row.reason).toBe('the host is not on the public internet');
      }
      expect(receiver.received).toEqual([]);
    } finally {
      await service.stop();
      await receiver.close();
    }
  });
});
