import { after, before, beforeEach, describe, it } from 'node:test';
import { expect } from 'expect';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { day, fromNow, pass, passUntilRetry, sweep } from '../support/reminders.js';
import { startService, type Service } from '../support/service.js';
import { createWebhook, type CreatedWebhook } from '../support/webhooks.js';

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

  before(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
  });
  after(async () => {
    await service.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    receiver.mood = 200;
    org = await createOrganisation(service);
    webhook = await createWebhook(org, { url: receiver.url });
    receiver.received = [];
  });

  const ping = async (): Promise<string> => {
    const { body } = await org.manager.post(org.path(`${webhook.path}/ping`));
    return body.id as string;
  };

  async function rowOf(id: string): Promise<Row> {
    const { body } = await org.manager.get(org.path(`${webhook.path}/deliveries`));
    const row = (body.items as Row[]).find((each) => each.id === id);
    if (row === undefined) throw new Error('there is no such delivery');
    return row;
  }

  /** The delivery, when this many attempts have ended. */
  const tried = (id: string, attempts: number) =>
    eventually(async () => {
      const row = await rowOf(id);
      return row.attempts >= attempts && row.reason !== 'the attempt did not end' && row;
    }, 20_000);

  it('that answers with errors is asked again a bounded number of times, under the same id', async () => {
    receiver.mood = 500;
    const id = await ping();
    for (let attempts = 1; attempts <= 12; attempts += 1) {
      const state = attempts < 12 ? 'waiting' : 'failed';
      const reason = 'the receiver answered 500';
      expect(await tried(id, attempts)).toMatchObject({ state, attempts, reason });
      const { rows } = await service.db.query(
        `SELECT extract(epoch FROM next_attempt_at - now()) > 60 * 2 ^ (attempts - 1) - 60 AS far
         FROM deliveries WHERE id = $1`,
        [id],
      );
      expect(rows).toEqual([{ far: attempts < 12 }]);
      await passUntilRetry(service.db);
    }
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array(12).fill(id));
  });

  it('that hangs or ends the connection is tried again, and holds up nobody else', async () => {
    receiver.mood = 'hangs';
    const hanging = await Promise.all(Array.from({ length: 10 }, ping));
    await receiver.until('ping', 10);
    receiver.mood = 'drops';
    expect(await tried(await ping(), 1)).toMatchObject({ reason: 'socket hang up' });
    receiver.mood = 200;
    const next = await ping();
    expect(await tried(next, 1)).toMatchObject({ state: 'sent' });
    expect(await tried(hanging[0] ?? '', 1)).toMatchObject({
      state: 'waiting',
      reason: 'no answer within 10 seconds',
    });
  });

  it('that hangs holds up its own organisation alone', async () => {
    const [hanging, healthy] = [await startReceiver(), await startReceiver()];
    try {
      hanging.mood = 'hangs';
      webhook = await createWebhook(org, { url: hanging.url });
      await Promise.all(Array.from({ length: 60 }, ping));
      await hanging.until('ping', 10);
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

  it('that redirects is not followed', async () => {
    receiver.mood = 302;
    const row = await tried(await ping(), 1);
    expect(row).toMatchObject({ state: 'waiting', reason: 'the receiver answered 302' });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook?token=t0ken']);
  });

  it('that is gone is sent no more', async () => {
    receiver.mood = 410;
    const row = await tried(await ping(), 1);
    expect(row).toMatchObject({ state: 'failed', reason: 'the receiver answered 410' });
  });

  it('that answers again gets what has waited, without what has become untrue', async () => {
    receiver.mood = 503;
    const expiring = { expiresAt: await fromNow(service.db, 10 * day) };
    const [kept, revoked, moved] = await Promise.all(
      [1, 2, 3].map(() => createKey(org.member, org, expiring)),
    );
    const keys = [kept, revoked, moved].map((key) => key?.id ?? '');
    for (const id of keys) await pass(service.db, id, 4 * day);
    await sweep(service);
    await receiver.until('key.expiring', 3);
    await org.member.delete(org.path(`/keys/${keys[1]}`));
    const sooner = { expiresAt: await fromNow(service.db, 5 * day) };
    await org.member.patch(org.path(`/keys/${keys[2]}`), sooner);
    await receiver.until('key.revoked');
    receiver.mood = 200;
    receiver.received = [];
    await passUntilRetry(service.db);
    await receiver.until('key.created', 3);
    await receiver.until('key.revoked');
    await eventually(async () => {
      const { body } = await org.manager.get(org.path(`${webhook.path}/deliveries?state=waiting`));
      return body.items.length === 0;
    });
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
    const id = await ping();
    await tried(id, 1);
    await org.manager.delete(org.path(webhook.path));
    await passUntilRetry(service.db);
    await eventually(async () => {
      const { rows } = await service.db.query('SELECT state FROM deliveries WHERE id = $1', [id]);
      return (rows[0] as { state: string } | undefined)?.state === 'obsolete';
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('whose secret nobody can read any more is named, and nothing is sent unsigned', async () => {
    await service.db.query(`UPDATE webhooks SET secret = '\\x00' WHERE id = $1`, [webhook.id]);
    expect(await tried(await ping(), 1)).toMatchObject({
      state: 'failed',
      reason: 'KEYFENCE_SECRET has changed: rotate the secret of the webhook',
    });
    expect(receiver.received).toEqual([]);
    const { body } = await org.manager.post(org.path(`${webhook.path}/rotate-secret`));
    expect(body.secret).toMatch(/^whsec_/);
    expect(await tried(await ping(), 1)).toMatchObject({ state: 'sent' });
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
