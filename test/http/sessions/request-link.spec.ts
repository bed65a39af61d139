import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { backends } from '../../support/backends.js';
import { badEmails } from '../../support/emails.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, refusesEach, refusesOtherBodies } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { sameOrigin } from '../../support/sessions.js';
import { startSmtp, type Arrived, type Smtp } from '../../support/smtp.js';

const publicUrl = 'https://keys.example.com';

const tokenIn = ({ text = '' }: Arrived) =>
  /https:\/\/keys\.example\.com\/sign-in#(\S+)/.exec(text)?.[1] ?? '';

for (const backend of backends) {
  describe(`POST /v1/sign-in-links, with jobs in ${backend.name}`, { skip: backend.skip }, () => {
    let smtp: Smtp;
    let service: Service;
    let org: Organisation;
    let close: () => Promise<void>;

    before(async () => {
      smtp = await startSmtp();
      const opened = await backend.open();
      close = () => opened.close();
      const settings = { ...smtp.settings, ...opened.settings, publicUrl };
      service = await startService({ settings });
      org = await createOrganisation(service);
    });
    after(async () => {
      await service.stop();
      await close();
      await smtp.close();
    });

    const send = (email: unknown) => service.nobody.post('/v1/sign-in-links', { email });
    const signIn = (token: string) =>
      service.nobody.post('/v1/session', { token }, sameOrigin(publicUrl));

    it('mails a link to the address of the person, and it signs them in once', async () => {
      const { email } = org.member;
      expect((await send(email.toUpperCase())).status).toBe(202);
      const [mail] = await smtp.until(email, 1);
      expect(mail?.subject).toBe('Sign in to Keyfence');
      const token = mail && tokenIn(mail);
      expect(mail?.html).toContain(`<a href="${publicUrl}/sign-in#${token}">`);
      expect((await signIn(token ?? '')).body.user).toMatchObject({ email });
      expectProblem(await signIn(token ?? ''), 400, 'sign_in_link_invalid');
    });

    it('answers the same where nobody has the address, or must not sign in, and mails nothing', async () => {
      const person = await addPerson(service, org.id, 'member');
      await service.operator.post(`/v1/users/${person.userId}/deactivate`);
      const answers = [await send(person.email), await send('nobody@example.com')];
      // The last one: those before it have been dealt with by then.
      answers.push(await send(org.manager.email));
      await smtp.until(org.manager.email, 1);
      for (const { status, text } of answers)
        expect({ status, text }).toEqual({ status: 202, text: '' });
      expect([...smtp.for(person.email), ...smtp.for('nobody@example.com')]).toEqual([]);
    });

    it('tries again when the mail server does not take it', async () => {
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
  it('answers 409 without a mail server, or where it is not known where the link leads', async () => {
    await using smtp = await startSmtp();
    for (const settings of [{ publicUrl }, smtp.settings]) {
      const service = await startService({ settings });
      try {
        const answer = await service.nobody.post('/v1/sign-in-links', { email: 'ada@example.com' });
        expectProblem(answer, 409, 'mail_not_set_up');
      } finally {
        await service.stop();
      }
    }
  });

  it('makes whoever asks too often wait', async () => {
    await using smtp = await startSmtp();
    const settings = { ...smtp.settings, publicUrl, maxFailedAuthentications: 3 };
    const service = await startService({ settings });
    try {
      const send = () => service.nobody.post('/v1/sign-in-links', { email: 'ada@example.com' });
      const answers = [await send(), await send(), await send(), await send(), await send()];
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429, 429]);
    } finally {
      await service.stop();
    }
  });
});
