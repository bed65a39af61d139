import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { KeyId } from '../../src/common/ids.js';
import { backends } from '../support/backends.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import {
  day,
  deliveriesOf,
  fromNow,
  pass,
  passDigests,
  passUntilRetry,
  settle,
  sweep,
  untilIdle,
  type DeliveryRow,
} from '../support/reminders.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';
import { describeUnless } from '../support/unless.js';
import { addFlush, oneUse, untilCounted } from '../support/usage.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `a mail server in trouble, with jobs in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let smtp: Smtp;
    let service: Service;
    let org: Organisation;

    beforeAll(async () => {
      backend = await open();
      smtp = await startSmtp();
      service = await startService({ settings: { ...backend.settings, ...smtp.settings } });
    });
    afterAll(async () => {
      smtp.mood = 'takes';
      await service.stop();
      await smtp.close();
      await backend.close();
    });
    beforeEach(async () => {
      smtp.mood = 'takes';
      // What other tests have left.
      await service.db.query('DELETE FROM deliveries');
      org = await createOrganisation(service);
    });

    /** A key that its owner is to be notified of: it expires in six days. */
    async function dueKey(keyName = 'k'): Promise<KeyId> {
      const expiresAt = await fromNow(service.db, 10 * day);
      const { id } = await createKey(org.member, org, { name: keyName, expiresAt });
      await pass(service.db, id, 4 * day);
      return id as KeyId;
    }

    /** Sweeps until all attempts that are due have ended. */
    async function untilTried(keyId: KeyId): Promise<DeliveryRow | undefined> {
      const tried = async () => (await deliveriesOf(service.db, keyId)).at(-1)?.attempts ?? 0;
      const earlier = await tried();
      await sweep(service);
      await eventually(async () => (await tried()) > earlier);
      await untilIdle(service.db, 30_000);
      return (await deliveriesOf(service.db, keyId)).at(-1);
    }

    it('that refuses is asked again a bounded number of times, and then seen to have failed', async () => {
      smtp.mood = 'refuses';
      const keyId = await dueKey();
      for (let attempts = 1; attempts < 12; attempts += 1) {
        const row = await untilTried(keyId);
        expect(row).toMatchObject({ state: 'waiting', attempts });
        expect(row?.reason).toMatch(/451 not now/);
        const { rows } = await service.db.query(
          `SELECT extract(epoch FROM next_attempt_at - now()) > 60 * 2 ^ (attempts - 1) - 60 AS far
           FROM deliveries WHERE id = $1`,
          [row?.id],
        );
        expect(rows).toEqual([{ far: true }]);
        await passUntilRetry(service.db);
      }
      expect(await untilTried(keyId)).toMatchObject({ state: 'failed', attempts: 12 });
      smtp.mood = 'takes';
      await settle(service);
      expect(smtp.for(org.member.email)).toEqual([]);
    });

    it('that drops the connection gets the mail again, under the same Message-ID', async () => {
      smtp.mood = 'drops';
      const keyId = await dueKey();
      const row = await untilTried(keyId);
      expect(row?.state).toBe('waiting');
      smtp.mood = 'takes';
      await passUntilRetry(service.db);
      await settle(service);
      const mails = smtp.for(org.member.email);
      expect(mails.map(({ messageId }) => messageId)).toEqual([`<${row?.id}@keyfence.example>`]);
    });

    it('that hangs is ended, and holds nothing else up', async () => {
      smtp.mood = 'hangs';
      const keyId = await dueKey();
      const earlier = smtp.connections;
      await sweep(service);
      await eventually(() => smtp.connections > earlier);
      const flush = oneUse(keyId);
      await addFlush(service, flush);
      await untilCounted(service.db, flush);
      expect((await org.member.get('/v1/whoami')).status).toBe(200);
      await untilIdle(service.db, 30_000);
      const [row] = await deliveriesOf(service.db, keyId);
      expect(row).toMatchObject({ state: 'waiting', attempts: 1 });
      expect(row?.reason).toMatch(/greeting/i);
      smtp.mood = 'takes';
      await passUntilRetry(service.db);
      await settle(service);
      expect(smtp.for(org.member.email)).toHaveLength(1);
    });

    it('that knows no such address is not asked again, and takes the mail of the others', async () => {
      smtp.stranger = org.member.email;
      const keyId = await dueKey();
      const row = await untilTried(keyId);
      expect(row).toMatchObject({
        state: 'failed',
        reason: expect.stringMatching(/550 nobody here/),
      });
      expect(await smtp.until(org.manager.email, 1)).toHaveLength(1);
    });

    it('sends nothing about a key that was revoked, or restricted, while the mail waited', async () => {
      smtp.mood = 'refuses';
      const revoked = await dueKey('revoked');
      const narrowed = await dueKey('narrowed');
      await untilTried(narrowed);
      await org.member.delete(org.path(`/keys/${revoked}`));
      await org.member.patch(org.path(`/keys/${narrowed}`), {
        expiresAt: await fromNow(service.db, 5 * day),
      });
      smtp.mood = 'takes';
      await passUntilRetry(service.db);
      await settle(service);
      const states = async (id: KeyId) =>
        (await deliveriesOf(service.db, id)).map(({ state }) => state);
      expect(await states(revoked)).toEqual(['obsolete']);
      expect(await states(narrowed)).toEqual(['superseded', 'sent']);
      expect(smtp.for(org.member.email).map(({ subject }) => subject)).toEqual([
        `The API key "narrowed" of The ${org.slug} expires in 5 days`,
      ]);
    });

    it('for days leads to one digest of all of them', async () => {
      smtp.mood = 'refuses';
      await untilTried(await dueKey('first'));
      await passDigests(service.db, 1);
      await untilTried(await dueKey('second'));
      await passDigests(service.db, 1);
      await untilTried(await dueKey('third'));
      smtp.mood = 'takes';
      await passUntilRetry(service.db);
      await settle(service);
      const digests = smtp.for(org.manager.email);
      expect(digests.map(({ subject }) => subject)).toEqual([
        `3 API keys of The ${org.slug} need attention`,
      ]);
      expect(digests[0]?.text).toMatch(/"first"[^]*"second"[^]*"third"/);
    });
  });
}
