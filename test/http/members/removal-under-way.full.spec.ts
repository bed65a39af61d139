import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ReminderStore } from '../../../src/reminders/reminder.store.js';
import { WebhookStore } from '../../../src/webhooks/webhook.store.js';
import type { DeliveryId } from '../../../src/common/ids.js';
import type { ApiResponse } from '../../support/client.js';
import { auditOf, expectRefusal, expire } from '../../support/keys.js';
import type { Holder } from '../../support/locks.js';
import {
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { pluck } from '../../support/pages.js';
import { deliveriesOf, fromNow, day, pass, sweep } from '../../support/reminders.js';
import {
  holdRemovals,
  memberWithKeys,
  removeMember,
  unrevokedRows,
} from '../../support/removals.js';
import { startSecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';
import { createWebhook } from '../../support/webhooks.js';

type Key = Awaited<ReturnType<typeof createKey>>;

/** What a key of the removed member has to look like everywhere, though its row says nothing yet. */
describe('a key whose owner was removed, before its row was revoked', () => {
  let service: Service;
  let org: Organisation;
  let person: Person;
  let key: Key;
  let removed: ApiResponse;
  let revocation: object;
  let held: Holder;
  const keyPath = () => org.path(`/keys/${key.id}`);

  beforeAll(async () => {
    service = await startService();
    held = await holdRemovals(service.db);
  });
  afterAll(async () => {
    await held.rollback();
    await service.stop();
  });
  beforeEach(async () => {
    org = await createOrganisation(service);
    person = await memberWithKeys(service, org, 60);
    key = await createKey(person, org, { name: 'the one' });
  });

  const actionsOn = async (id: string) =>
    (await auditOf(org, id)).map(({ action }) => action as string);

  async function remove(): Promise<void> {
    removed = await removeMember(org, person);
    const { userId, keyId } = org.manager;
    const [{ at }] = (await auditOf(org, person.userId)) as [{ at: string }];
    revocation = {
      state: 'revoked',
      revokedAt: at,
      revokedBy: { userId, keyId },
      revokeReason: 'owner_removed',
      ownerName: null,
    };
    expect(await unrevokedRows(service.db, person.userId)).toBeGreaterThan(50);
  }

  it('is shown as revoked, by the removal', async () => {
    await remove();
    expect((await org.manager.get(keyPath())).body).toMatchObject(revocation);
    expect((await service.operator.get(keyPath())).body).toMatchObject(revocation);
    expect((await org.manager.get(`${keyPath()}/usage`)).status).toBe(200);
  });

  for (const sort of ['created', 'name', 'expires']) {
    it(`is in lists by ${sort} as revoked, and in no other state`, async () => {
      const expired = await createKey(person, org);
      await expire(service, expired.id);
      await remove();
      const list = (query: string) =>
        org.manager.get(org.path(`/keys?limit=100&sort=${sort}&owner=${person.userId}${query}`));
      const all = await list('');
      expect(all.body.items).toHaveLength(62);
      expect(new Set(pluck(all, 'state'))).toEqual(new Set(['revoked']));
      expect(pluck(await list('&state=revoked'), 'id')).toEqual(pluck(all, 'id'));
      for (const state of ['active', 'expired']) {
        expect((await list(`&state=${state}`)).body.items).toEqual([]);
      }
      const first = await org.manager.get(org.path(`/keys?limit=7&sort=${sort}&state=revoked`));
      const rest = await org.manager.get(
        org.path(`/keys?limit=100&sort=${sort}&state=revoked&cursor=${first.body.nextCursor}`),
      );
      expect([...pluck(first, 'id'), ...pluck(rest, 'id')]).toEqual(pluck(all, 'id'));
      // Others are as they were.
      const live = await org.manager.get(org.path(`/keys?limit=100&sort=${sort}&state=active`));
      expect(new Set(pluck(live, 'id'))).toEqual(new Set([org.manager.keyId, org.member.keyId]));
    });
  }

  it('is not valid', async () => {
    await remove();
    expect((await service.as(key.secret).get('/v1/whoami')).status).toBe(401);
    const decision = await service.operator.post('/v1/verify', { key: key.secret });
    expect(decision.body.valid).toBe(false);
  });

  it('is no live key that another one created', async () => {
    await remove();
    const { body } = await org.manager.delete(org.path(`/keys/${person.keyId}`));
    expect(body).toMatchObject({ ...revocation, createdKeys: { total: 0, items: [] } });
  });

  it('cannot be changed, and cannot be revoked again', async () => {
    await remove();
    const patch = () => org.manager.patch(keyPath(), { name: 'other' });
    await expectRefusal(service, patch, 409, 'key_not_active');
    const again = await org.manager.delete(`${keyPath()}?reason=mine`);
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject(revocation);
    expect(again.body.authSeq).toBeGreaterThan(removed.body.authSeq as number);
    const report = await service.nobody.post('/v1/revoke', { key: key.secret });
    expect(report.status).toBe(200);
    expect((await org.manager.get(keyPath())).body).toMatchObject(revocation);
    expect(await actionsOn(key.id)).toEqual(['key.created']);
  });

  it('is in nobody’s reminders, events or digests', async () => {
    await createWebhook(org);
    const late = await createKey(person, org, { expiresAt: await fromNow(service.db, 10 * day) });
    await remove();
    await pass(service.db, late.id, 4 * day);
    await sweep(service);
    expect(await deliveriesOf(service.db, late.id)).toEqual([]);
    await pass(service.db, late.id, 7 * day);
    await sweep(service);
    expect(await actionsOn(late.id)).toEqual(['key.created']);
  });

  it('is named in no mail and no message that was planned before', async () => {
    const late = await createKey(person, org, { expiresAt: await fromNow(service.db, 10 * day) });
    // The removal comes in between: nothing is sent as long as rows are locked.
    const webhook = await createWebhook(org);
    await service.db.query(
      `INSERT INTO deliveries (id, org_id, channel, recipient_id, key_id, expires_at, threshold, event,
         next_attempt_at)
       SELECT 'dlv_' || right(k.id, 25) || n, k.org_id, channel, recipient, k.id, k.expires_at, 7, event,
         now() + interval '1 day'
       FROM api_keys k, (VALUES (0, 'email', $2, NULL), (1, 'webhook', $3, '{}'::jsonb))
         AS d (n, channel, recipient, event)
       WHERE k.id = $1`,
      [late.id, person.userId, webhook.id],
    );
    const [mail, message] = [0, 1].map((n) => `dlv_${late.id.slice(-25)}${n}` as DeliveryId);
    const reminders = service.app.get(ReminderStore);
    const webhooks = service.app.get(WebhookStore);
    expect(await reminders.ofReminder(mail as DeliveryId)).not.toBeNull();
    expect(await webhooks.messageOf(message as DeliveryId)).not.toBeNull();
    await remove();
    expect(await reminders.ofReminder(mail as DeliveryId)).toBeNull();
    expect(await webhooks.messageOf(message as DeliveryId)).toBeNull();
  });

  it('keeps no node from starting that lacks the secret it was hashed with', async () => {
    await service.db.query(`INSERT INTO hash_keys VALUES ('another') ON CONFLICT DO NOTHING`);
    await service.db.query(
      `UPDATE key_secrets SET hash_key = 'another' WHERE key_id IN (
         SELECT id FROM api_keys WHERE owner_id = $1)`,
      [person.userId],
    );
    await expect(startSecondService(service)).rejects.toThrow(/KEYFENCE_SECRET/);
    await remove();
    await (await startSecondService(service)).stop();
  });
});
