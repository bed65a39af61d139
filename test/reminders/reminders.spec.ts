import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { backends } from '../support/backends.js';
import { auditOf } from '../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../support/organisation.js';
import {
  day,
  deliveriesOf,
  fromNow,
  hour,
  pass,
  passDigests,
  remindersOf,
  settle,
} from '../support/reminders.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';
import { describeUnless } from '../support/unless.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `reminders of expiry, with jobs in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let smtp: Smtp;
    let service: Service;
    let org: Organisation;

    beforeAll(async () => {
      backend = await open();
      smtp = await startSmtp();
      const publicUrl = 'https://keys.example.com';
      const settings = { ...backend.settings, ...smtp.settings, publicUrl };
      service = await startService({ settings });
    });
    afterAll(async () => {
      await service.stop();
      await smtp.close();
      await backend.close();
    });

    const expiresIn = async (ms: number) => ({ expiresAt: await fromNow(service.db, ms) });

    it('notify the owner of a key in time, and every manager', async () => {
      org = await createOrganisation(service);
      const second = await addPerson(service, org.id, 'manager');
      const narrowed = await createKey(org.member, org, {
        name: 'narrowed',
        ...(await expiresIn(30 * day)),
      });
      const aged = await createKey(org.member, org, {
        name: 'aged',
        ...(await expiresIn(10 * day)),
      });
      await settle(service);
      expect(smtp.for(org.member.email)).toEqual([]);
      const change = await expiresIn(6 * day);
      const { status } = await org.member.patch(org.path(`/keys/${narrowed.id}`), change);
      expect(status).toBe(200);
      await pass(service.db, aged.id, 4 * day);
      await settle(service);
      await settle(service);

      const mails = smtp.for(org.member.email);
      expect(mails.map(({ subject }) => subject).sort()).toEqual([
        `The API key "aged" of The ${org.slug} expires in 6 days`,
        `The API key "narrowed" of The ${org.slug} expires in 6 days`,
      ]);
      for (const { text, html } of mails) {
        for (const body of [text, html]) {
          expect(body).toContain(`POST https://keys.example.com/v1/orgs/${org.id}/keys`);
        }
      }
      for (const manager of [org.manager, second]) {
        const digests = smtp.for(manager.email);
        expect(digests.map(({ subject }) => subject)).toEqual([
          `2 API keys of The ${org.slug} need attention`,
        ]);
        expect(digests[0]?.text).toMatch(/"narrowed" of A member expires in 6 days/);
        expect(digests[0]?.text).toMatch(/"aged" of A member expires in 6 days/);
      }
      expect(await remindersOf(service.db, narrowed.id)).toEqual([
        { threshold: 7, superseded: false },
        { threshold: 14, superseded: true },
      ]);
      expect(await remindersOf(service.db, aged.id)).toEqual([{ threshold: 7, superseded: false }]);
    });

    it('come once at each threshold of a long life', async () => {
      org = await createOrganisation(service);
      const key = await createKey(org.member, org, { name: 'k', ...(await expiresIn(90 * day)) });
      const passes: [number, string][] = [
        [60 * day, 'expires in 30 days'],
        [16 * day, 'expires in 14 days'],
        [7 * day, 'expires in 7 days'],
        [6 * day, 'expires in 24 hours'],
        [day, 'expired'],
      ];
      for (const [index, [ms, words]] of passes.entries()) {
        await pass(service.db, key.id, ms - hour);
        await settle(service);
        // An expiry that was shifted is another one: the thresholds behind it are due again.
        const sent = smtp.for(org.member.email).length;
        await pass(service.db, key.id, hour);
        await settle(service);
        const subjects = smtp.for(org.member.email).map(({ subject }) => subject);
        expect(subjects.at(-1)).toContain(words);
        expect(subjects.length).toBe(sent + 1);
        expect(sent).toBe(index === 0 ? 0 : index * 2);
      }
    });

    it('are skipped where the threshold is not shorter than the life', async () => {
      org = await createOrganisation(service);
      const lives = [7 * day, day, hour];
      for (const ms of lives) await createKey(org.member, org, await expiresIn(ms));
      await settle(service);
      expect(smtp.for(org.member.email)).toEqual([]);
    });

    it('notify of an expiry once, and record that in the audit log', async () => {
      org = await createOrganisation(service);
      const key = await createKey(org.member, org, { name: 'gone' });
      await pass(service.db, key.id, 90 * day);
      await settle(service);
      await settle(service);
      const mails = smtp.for(org.member.email).map(({ subject }) => subject);
      expect(mails).toEqual([`The API key "gone" of The ${org.slug} expired just now`]);
      const [event, ...others] = await auditOf(org, key.id);
      expect(event).toMatchObject({
        action: 'key.expired',
        actor: { kind: 'system', orgId: null, userId: null, keyId: null },
        before: null,
        after: { expiresAt: expect.any(String) },
      });
      expect(others.map(({ action }) => action as string)).toEqual(['key.created']);
    });

    it('after three days of downtime, notify each owner once, with the time that is left', async () => {
      org = await createOrganisation(service);
      const lives: Record<string, [number, string]> = {
        'over for long': [2 * hour, 'expired 2 days ago'],
        'just over': [3 * day, 'expired just now'],
        'nearly over': [3 * day + 5.5 * hour, 'expires in 5 hours'],
        soon: [9 * day, 'expires in 6 days'],
        later: [15 * day, 'expires in 12 days'],
      };
      const made = { expiresAt: await fromNow(service.db, 60 * day) };
      for (const [keyName, [ms]] of Object.entries(lives)) {
        const { id } = await createKey(org.member, org, { name: keyName, ...made });
        await pass(service.db, id, 60 * day - ms);
        // Nothing was due yet when the service went down.
        await service.db.query('DELETE FROM expiry_watch WHERE key_id = $1', [id]);
        await pass(service.db, id, 3 * day);
      }
      await settle(service);
      await settle(service);
      const subjects = smtp.for(org.member.email).map(({ subject }) => subject);
      const expected = Object.entries(lives).map(
        ([keyName, [, words]]) => `The API key "${keyName}" of The ${org.slug} ${words}`,
      );
      expect(subjects.sort()).toEqual(expected.sort());
    });

    it('never come for a key that is revoked', async () => {
      org = await createOrganisation(service);
      const key = await createKey(org.member, org, await expiresIn(10 * day));
      await org.member.delete(org.path(`/keys/${key.id}`));
      await pass(service.db, key.id, 4 * day);
      await pass(service.db, key.id, 8 * day);
      await settle(service);
      expect(smtp.for(org.member.email)).toEqual([]);
      expect(smtp.for(org.manager.email)).toEqual([]);
      const actions = (await auditOf(org, key.id)).map(({ action }) => action as string);
      expect(actions).toEqual(['key.revoked', 'key.created']);
    });

    it('leave out who is deactivated, and notify managers alone of a service account', async () => {
      org = await createOrganisation(service);
      const gone = await addPerson(service, org.id, 'manager');
      const account = await org.manager.post(org.path('/service-accounts'), { name: 'collector' });
      expect(account.status).toBe(201);
      const keys = [
        await createKey(org.manager, org, {
          name: 'of the account',
          ownerId: account.body.userId,
          ...(await expiresIn(10 * day)),
        }),
        await createKey(org.member, org, { name: 'of a member', ...(await expiresIn(10 * day)) }),
      ];
      for (const { userId } of [gone, org.member]) {
        await service.operator.post(`/v1/users/${userId}/deactivate`);
      }
      for (const { id } of keys) await pass(service.db, id, 4 * day);
      await settle(service);
      expect(smtp.for(org.member.email)).toEqual([]);
      expect(smtp.for(gone.email)).toEqual([]);
      const [digest, ...others] = smtp.for(org.manager.email);
      expect(others).toEqual([]);
      expect(digest?.text).toContain('"of the account" of collector expires in 6 days');
      expect(digest?.text).toContain('"of a member" of A member expires in 6 days');
    });

    it('come to a manager in one mail a day', async () => {
      org = await createOrganisation(service);
      for (const keyName of ['first', 'second', 'third']) {
        const { id } = await createKey(org.member, org, {
          name: keyName,
          ...(await expiresIn(10 * day)),
        });
        await pass(service.db, id, 4 * day);
        await settle(service);
      }
      expect(smtp.for(org.manager.email)).toHaveLength(1);
      await passDigests(service.db, 1);
      await settle(service);
      await settle(service);
      const [one, two, ...others] = smtp.for(org.manager.email);
      expect(others).toEqual([]);
      expect(one?.text).toContain('"first"');
      expect(two?.subject).toBe(`2 API keys of The ${org.slug} need attention`);
      expect(two?.text).not.toContain('"first"');
      expect(two?.text).toMatch(/"second"[^]*"third"/);
    });

    it('make no link of a name, in text or HTML, to the owner or to managers', async () => {
      org = await createOrganisation(service);
      const link = 'https://evil.example/a?b@c';
      const key = await createKey(org.member, org, { name: link, ...(await expiresIn(10 * day)) });
      // Those that are there from before.
      await service.db.query('UPDATE organisations SET name = $2 WHERE id = $1', [org.id, link]);
      await service.db.query('UPDATE memberships SET display_name = $2 WHERE org_id = $1', [
        org.id,
        `\u202e${link}\u200f`,
      ]);
      await pass(service.db, key.id, 4 * day);
      await settle(service);
      const joined = 'https:\u2060/\u2060/\u2060evil.\u2060example/\u2060a?b@\u2060c';
      for (const { email } of [org.member, org.manager]) {
        const [mail] = await smtp.until(email, 1);
        for (const part of [mail?.subject, mail?.text, mail?.html]) {
          expect(part).toContain(joined);
          expect(part).not.toMatch(/evil\.example|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
        }
        expect(mail?.html).not.toMatch(/<a\b|href/i);
      }
    });

    it('carry names as text alone, and the same Message-ID each time', async () => {
      org = await createOrganisation(service);
      const key = await createKey(org.member, org, {
        name: '<b>"x"</b> & Bücher',
        ...(await expiresIn(10 * day)),
      });
      // No route takes such a name.
      await service.db.query('UPDATE organisations SET name = $2 WHERE id = $1', [
        org.id,
        'Acme\r\nBcc: victim@example.com\r\n\r\n<script>',
      ]);
      await pass(service.db, key.id, 4 * day);
      await settle(service);
      const [mail] = await smtp.until(org.member.email, 1);
      expect(mail?.subject).toBe(
        'The API key "<b>"x"</\u2060b> & Bücher" of ' +
          'Acme Bcc:\u2060 victim@\u2060example.\u2060com <script> expires in 6 days',
      );
      expect(mail?.html).toContain('&lt;b&gt;&quot;x&quot;&lt;/\u2060b&gt; &amp; Bücher');
      expect(mail?.html).not.toMatch(/<b>|<script>/);
      const headers = Object.fromEntries(
        mail?.headers.map(({ key: k, value }) => [k, value]) ?? [],
      );
      const [delivery] = await deliveriesOf(service.db, key.id);
      expect(headers).toMatchObject({
        from: 'Keyfence <keys@keyfence.example>',
        to: org.member.email,
        'message-id': `<${delivery?.id}@keyfence.example>`,
        'auto-submitted': 'auto-generated',
        'list-id': '"Expiry of API keys" <key-expiry.keyfence.example>',
      });
      expect(headers).not.toHaveProperty('bcc');
      expect(smtp.for('victim@example.com')).toEqual([]);
    });
  });
}
