import { describe, expect, it } from '@jest/globals';
import { JobQueue } from '../../../src/jobs/job-queue.js';
import { eventually } from '../../support/eventually.js';
import { expectProblem } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { newLink, sameOrigin } from '../../support/sessions.js';
import { startSmtp, type Smtp } from '../../support/smtp.js';

const publicUrl = 'https://keys.example.com';
const email = 'ada@example.com';
// Nobody goes there.
const oidc = { issuer: 'https://id.example.com', clientId: 'keyfence', clientSecret: undefined };

/** A service with a provider, a mail server and one person. */
async function start(smtp: Smtp, oidcMailLinks: boolean): Promise<Service> {
  const settings = { ...smtp.settings, publicUrl, oidc, oidcMailLinks };
  const service = await startService({ settings });
  await service.operator.post('/v1/users', { email, name: 'Ada' });
  return service;
}

async function untilNoJobs({ operator }: Service): Promise<void> {
  interface Counts {
    kind: string;
    waiting: number;
    active: number;
    delayed: number;
  }
  await eventually(async () => {
    const { body } = await operator.get('/v1/jobs');
    const counts = (body.counts as Counts[]).find(({ kind }) => kind === 'sign-in');
    return counts !== undefined && counts.waiting + counts.active + counts.delayed === 0;
  });
}

describe('sign-in links, where there is an identity provider', () => {
  for (const oidcMailLinks of [false, true]) {
    it(`work when they are printed, mailed or not: ${oidcMailLinks}`, async () => {
      await using smtp = await startSmtp();
      const service = await start(smtp, oidcMailLinks);
      try {
        const token = await newLink(service, email);
        const response = await service.nobody.post('/v1/session', { token }, sameOrigin(publicUrl));
        expect(response.status).toBe(200);
      } finally {
        await service.stop();
      }
    });
  }

  it('are not mailed, also where a node with other settings has let it be asked for', async () => {
    await using smtp = await startSmtp();
    const service = await start(smtp, false);
    try {
      expect((await service.nobody.get('/v1/sign-in')).body.mail).toBe(false);
      const asked = await service.nobody.post('/v1/sign-in-links', { email });
      expectProblem(asked, 409, 'mail_not_set_up');
      await service.app.get(JobQueue).add('sign-in', 'one', { email });
      await untilNoJobs(service);
      expect(smtp.arrived).toEqual([]);
    } finally {
      await service.stop();
    }
  });

  it('are mailed where a setting says so', async () => {
    await using smtp = await startSmtp();
    const service = await start(smtp, true);
    try {
      expect((await service.nobody.get('/v1/sign-in')).body.mail).toBe(true);
      expect((await service.nobody.post('/v1/sign-in-links', { email })).status).toBe(202);
      await smtp.until(email, 1);
    } finally {
      await service.stop();
    }
  });
});
