import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../../support/audit.js';
import { backends } from '../../support/backends.js';
import type { ApiResponse } from '../../support/client.js';
import { startClock } from '../../support/clock.js';
import { badEmails } from '../../support/emails.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, refusesEach, refusesOtherBodies } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { sameOrigin } from '../../support/sessions.js';
import { startSmtp, type Arrived, type Smtp } from '../../support/smtp.js';
import { stopClock } from '../../support/throttling.js';
import { describeUnless } from '../../support/unless.js';

const publicUrl = 'https://keys.example.com';

const tokenIn = ({ text = '' }: Arrived) =>
  /https:\/\/keys\.example\.com\/sign-in#(\S+)/.exec(text)?.[1] ?? '';

for (const backend of backends) {
  describeUnless(backend.skip, `POST /v1/sign-in-links, with jobs in ${backend.name}`, () => {
    let smtp: Smtp;
    let service: Service;
    let org: Organisation;
    let close: () => Promise<void>;

    beforeAll(async () => {
      smtp = await startSmtp();
      const opened = await backend.open();
      close = () => opened.close();
      const settings = { ...smtp.settings, ...opened.settings, publicUrl };
      service = await startService({ settings });
      org = await createOrganisation(service);
    });
    afterAll(async () => {
      await service.stop();
      await close();
      await smtp.close();
    });

    const send = (email: unknown) => service.nobody.post('/v1/sign-in-links', { email });
    /** Lets so much time pass for all addresses. */
    const pass = (interval: string) =>
      service.db.query(
        `UPDATE sign_in_mails SET last_at = last_at - $1::interval,
           second_last_at = second_last_at - $1::interval, third_last_at = third_last_at - $1::interval`,
        [interval],
      );
    const signIn = (token: string) =>
      service.nobody.post('/v1/session', { token }, sameOrigin(publicUrl));

    const linksRecordedOf = async (userId: string) => {
      const query = `action=user.link_made&target=${userId}`;
      const events = await auditEvents(service, await operatorOrgId(service), query);
      return events.map((event) => event.after);
    };

    it('mails a link to the address of the person, and it signs them in once', async () => {
      const { email } = org.member;
      expect((await send(email.toUpperCase())).status).toBe(202);
      const [mail] = await smtp.until(email, 1);
      expect(mail?.subject).toBe('Sign in to Keyfence');
      const token = mail && tokenIn(mail);
      expect(mail?.html).toContain(`<a href="${publicUrl}/sign-in#${token}">`);
      expect((await signIn(token ?? '')).body.user).toMatchObject({ email });
      expect(await linksRecordedOf(org.member.userId)).toEqual([{ by: 'mail' }]);
      expectProblem(await signIn(token ?? ''), 400, 'sign_in_link_invalid');
    });

    it('names nobody, since others can choose a name', async () => {
      const name = 'Ada of evil';
      const email = 'named@example.com';
      await service.operator.post('/v1/users', { email, name });
      await send(email);
      const [mail] = await smtp.until(email, 1);
      expect(mail?.raw).not.toContain('evil');
    });

    it('mails a person one link a minute and three in a quarter of an hour, no matter who asks', async () => {
      const { email } = await addPerson(service, org.id, 'member');
      const responses: ApiResponse[] = [];
      const ask = async (times: number) => {
        for (let n = 0; n < times; n += 1) responses.push(await send(email));
      };
      for (const count of [1, 2, 3]) {
        await ask(3);
        await smtp.until(email, count);
        await pass('1 minute');
      }
      // The first one is three minutes old.
      await ask(2);
      await pass('11 minutes');
      await ask(2);
      await pass('1 minute');
      await ask(2);
      // Those that were not sent would have come before this one.
      const links = (await smtp.until(email, 4)).map(tokenIn);
      expect(smtp.for(email).length).toBe(4);
      expect(new Set(responses.map(({ status, text }) => `${status} ${text}`))).toEqual(
        new Set(['202 ']),
      );
      // None of them has ended the others.
      expect((await signIn(links[1] ?? '')).status).toBe(200);
    });

    it('counts one of many who ask at once', async () => {
      const { email } = await addPerson(service, org.id, 'member');
      await Promise.all(Array.from({ length: 10 }, () => send(email)));
      await smtp.until(email, 1);
      await pass('1 minute');
      await send(email);
      await smtp.until(email, 2);
      expect(smtp.for(email).length).toBe(2);
    });

    it('counts alike for addresses that nobody has', async () => {
      const { email } = await addPerson(service, org.id, 'member');
      const counted = async (address: string) => {
        for (let n = 0; n < 2; n += 1) await send(address);
        await pass('1 minute');
        await send(address);
        const { rows } = await service.db.query<{ mails: number }>(
          `SELECT num_nonnulls(last_at, second_last_at, third_last_at) AS mails FROM sign_in_mails
           WHERE address_hash = $1`,
          [createHash('sha256').update(address).digest()],
        );
        return rows;
      };
      expect(await counted(email)).toEqual([{ mails: 2 }]);
      expect(await counted(`nobody.${email}`)).toEqual([{ mails: 2 }]);
    });

    it('responds with the same where nobody has the address, or must not sign in, and mails nothing', async () => {
      const person = await addPerson(service, org.id, 'member');
      await service.operator.post(`/v1/users/${person.userId}/deactivate`);
      const responses = [await send(person.email), await send('nobody@example.com')];
      // The last one: those before it have been dealt with by then.
      responses.push(await send(org.manager.email));
      await smtp.until(org.manager.email, 1);
      for (const { status, text } of responses)
        expect({ status, text }).toEqual({ status: 202, text: '' });
      expect([...smtp.for(person.email), ...smtp.for('nobody@example.com')]).toEqual([]);
      expect(await linksRecordedOf(person.userId)).toEqual([]);
    });

    it('retries when the mail server does not take it', async () => {
      const person = await addPerson(service, org.id, 'member');
      smtp.mood = 'refuses';
      const before = smtp.connections;
      expect((await send(person.email)).status).toBe(202);
      while (smtp.connections === before) await new Promise((resolve) => setTimeout(resolve, 20));
      smtp.mood = 'takes';
      const [mail] = await smtp.until(person.email, 1);
      expect((await signIn(mail ? tokenIn(mail) : '')).status).toBe(200);
    });

    it('refuses addresses that are none', async () => {
      await refusesEach(service, 'email', badEmails, send);
      await refusesOtherBodies(service, (body) => service.nobody.post('/v1/sign-in-links', body));
    });
  });
}

describe('POST /v1/sign-in-links', () => {
  it('responds with 409 without a mail server, or where it is not known where the link leads', async () => {
    await using smtp = await startSmtp();
    for (const settings of [{ publicUrl }, smtp.settings]) {
      const service = await startService({ settings });
      try {
        const response = await service.nobody.post('/v1/sign-in-links', {
          email: 'ada@example.com',
        });
        expectProblem(response, 409, 'mail_not_set_up');
      } finally {
        await service.stop();
      }
    }
  });

  it('counts no mail that it could not ask for', async () => {
    await using smtp = await startSmtp();
    // Nobody listens there.
    const settings = { ...smtp.settings, publicUrl, redisUrl: 'redis://127.0.0.1:9' };
    const service = await startService({ settings });
    try {
      for (let n = 0; n < 2; n += 1) {
        const response = await service.nobody.post('/v1/sign-in-links', {
          email: 'ada@example.com',
        });
        expectProblem(response, 503, 'unavailable');
      }
    } finally {
      await service.stop();
    }
  });

  it('makes a caller who asks too often wait', async () => {
    await using smtp = await startSmtp();
    const settings = { ...smtp.settings, publicUrl, maxFailedAuthentications: 3 };
    // They are counted by the minute.
    await stopClock();
    const service = await startService({ settings });
    try {
      const send = () => service.nobody.post('/v1/sign-in-links', { email: 'ada@example.com' });
      const responses = [await send(), await send(), await send(), await send(), await send()];
      expect(responses.map(({ status }) => status)).toEqual([202, 202, 202, 429, 429]);
    } finally {
      await service.stop().finally(startClock);
    }
  });
});
