import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { backends } from '../support/backends.js';
import { auditOf } from '../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { assertSigned, startReceiver, type Receiver } from '../support/receiver.js';
import { day, fromNow, hour, pass, sweep } from '../support/reminders.js';
import { memberWithKeys, removeMember, untilRemoved } from '../support/removals.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { createWebhook, type CreatedWebhook } from '../support/webhooks.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `events, with jobs in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let receiver: Receiver;
    let service: Service;
    let org: Organisation;
    let webhook: CreatedWebhook;

    beforeAll(async () => {
      backend = await open();
      receiver = await startReceiver();
      service = await startService({
        settings: { ...backend.settings, allowPrivateWebhooks: true },
      });
    });
    afterAll(async () => {
      await service.stop();
      await receiver.close();
      await backend.close();
    });
    beforeEach(async () => {
      org = await createOrganisation(service);
      webhook = await createWebhook(org, { url: receiver.url });
      receiver.received = [];
    });

    /** The only message of this type, signed by the webhook. */
    async function arrived(type: string) {
      const [message, ...others] = await receiver.until(type);
      if (message === undefined) throw new Error(`no ${type}`);
      expect(others).toEqual([]);
      assertSigned(message, webhook.secret);
      expect(message.path).toBe('/hook?token=t0ken');
      expect(message.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'Keyfence',
        'webhook-id': expect.stringMatching(/^dlv_/),
      });
      return message.event;
    }

    it('are sent for keys that are created and revoked, as the audit log records them', async () => {
      const key = await createKey(org.member, org, { name: 'seen' });
      const created = await arrived('key.created');
      await org.member.delete(org.path(`/keys/${key.id}?reason=lost`));
      const revoked = await arrived('key.revoked');
      const [second, first] = await auditOf(org, key.id);
      expect(created).toEqual({
        type: 'key.created',
        timestamp: first?.at,
        data: {
          orgId: org.id,
          keyId: key.id,
          userId: null,
          auditEventId: first?.id,
          details: first?.after,
        },
      });
      expect(revoked.data).toMatchObject({ keyId: key.id, auditEventId: second?.id });
      expect(revoked.data.details).toMatchObject({ reason: 'lost' });
    });

    it('are sent for a key that expires, at each threshold, and that has expired', async () => {
      const key = await createKey(org.member, org, {
        expiresAt: await fromNow(service.db, 10 * day),
      });
      await pass(service.db, key.id, 4 * day);
      await sweep(service);
      const { body } = await org.member.get(org.path(`/keys/${key.id}`));
      expect((await arrived('key.expiring')).data).toEqual({
        orgId: org.id,
        keyId: key.id,
        userId: null,
        auditEventId: null,
        details: { expiresAt: body.expiresAt, daysBefore: 7 },
      });
      await pass(service.db, key.id, 6 * day + hour);
      await sweep(service);
      const expired = await arrived('key.expired');
      expect(expired.data).toMatchObject({ keyId: key.id, auditEventId: expect.any(String) });
    });

    it('are sent for members that are removed, with their keys, and for a suspension', async () => {
      await org.manager.delete(org.path(`/members/${org.member.userId}`));
      expect((await arrived('member.removed')).data).toMatchObject({
        userId: org.member.userId,
        keyId: null,
      });
      expect((await arrived('key.revoked')).data).toMatchObject({
        keyId: org.member.keyId,
        details: { reason: 'owner_removed' },
      });
      await service.operator.post(org.path('/suspend'));
      expect((await arrived('org.suspended')).data).toMatchObject({
        orgId: org.id,
        details: { status: 'suspended' },
      });
    });

    it('are sent for each key of a removed member up to a hundred, and for more with the member alone', async () => {
      for (const [keys, sent] of [
        [50, 50],
        [100, 100],
        [101, 0],
      ] as const) {
        const person = await memberWithKeys(service, org, keys);
        receiver.received = [];
        const { body } = await removeMember(org, person);
        await untilRemoved(service.db, person.userId, 90_000);
        const { data } = await arrived('member.removed');
        expect(data.details).toEqual({ revokedKeys: body.revokedKeys });
        expect(body.revokedKeys.total).toBe(keys);
        expect(body.revokedKeys.ids).toHaveLength(Math.min(keys, 100));
        const { rows } = await service.db.query<{ n: number }>(
          `SELECT count(DISTINCT event #>> '{data,keyId}')::int AS n FROM deliveries
           WHERE event ->> 'type' = 'key.revoked' AND event #>> '{data,keyId}' IN (
             SELECT id FROM api_keys WHERE owner_id = $1)`,
          [person.userId],
        );
        expect({ keys, sent: rows[0]?.n }).toEqual({ keys, sent });
      }
    });

    it('go to the webhooks that want them, of that organisation alone', async () => {
      const other = await createOrganisation(service);
      await createWebhook(other, { url: receiver.url });
      const picky = await createWebhook(org, { url: receiver.url, events: ['key.revoked'] });
      receiver.received = [];
      const key = await createKey(org.member, org);
      await org.member.delete(org.path(`/keys/${key.id}`));
      const revoked = await receiver.until('key.revoked', 2);
      const to = (secret: string) => (message: (typeof revoked)[number]) => {
        try {
          assertSigned(message, secret);
          return true;
        } catch {
          return false;
        }
      };
      expect(revoked.filter(to(webhook.secret))).toHaveLength(1);
      expect(revoked.filter(to(picky.secret))).toHaveLength(1);
      expect(await receiver.until('key.created')).toHaveLength(1);
      expect(receiver.received).toHaveLength(3);
    });

    it('are part of the change: one that is refused sends nothing', async () => {
      const { rows } = await service.db.query('SELECT count(*)::int AS n FROM deliveries');
      await org.member.delete(org.path('/keys/key_01h455vb4pex5vsknk084sn02q'));
      await service.db.query(`
        CREATE FUNCTION fail_audit() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE 'no audit'; END $$;
        CREATE CONSTRAINT TRIGGER fail_audit AFTER INSERT ON audit_events
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_audit()`);
      try {
        const path = org.path('/keys');
        const response = await org.member.post(path, { name: 'never', scope: 'read' });
        expect(response.status).toBeGreaterThanOrEqual(500);
      } finally {
        await service.db.query('DROP FUNCTION fail_audit CASCADE');
      }
      const now = await service.db.query('SELECT count(*)::int AS n FROM deliveries');
      expect(now.rows).toEqual(rows);
    });
  });
}
