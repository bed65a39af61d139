import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited } from '../../support/audit.js';
import { eventually } from '../../support/eventually.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, missing, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { signIn } from '../../support/sessions.js';
import { startSmtp, type Smtp } from '../../support/smtp.js';

const publicUrl = 'https://keys.example.com';

describe('POST /v1/orgs/{orgId}/members/{userId}/invite', () => {
  let smtp: Smtp;
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    smtp = await startSmtp();
    service = await startService({ settings: { ...smtp.settings, publicUrl } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await smtp.close();
  });

  const invite = (userId: string, who: Organisation['manager'] = org.manager) =>
    who.post(org.path(`/members/${userId}/invite`));
  const read = async (userId: string) => {
    const { body } = await org.manager.get(org.path(`/members/${userId}`));
    return body as Record<string, unknown> & { invitation: { state: string } | null };
  };
  const invitationsOf = (email: string) =>
    smtp.invitations.filter(({ recipient }) => recipient === email);
  async function add(email: string, name = 'New', to = org): Promise<string> {
    const body = { email, name, role: 'member' };
    return (await to.manager.post(to.path('/members'), body)).body.userId as string;
  }
  /** Lets time pass for all invitations of a person. */
  const pass = (userId: string, interval: string) =>
    service.db.query(
      'UPDATE deliveries SET created_at = created_at - $2::interval WHERE recipient_id = $1',
      [userId, interval],
    );

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'members:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}/members/${org.member.userId}/invite`),
  });

  it('is for a person who was added: they are mailed where to sign in, without a link that signs in', async () => {
    const userId = await add('ada@example.com', 'Ada');
    const [mail] = await eventually(() => {
      const mails = invitationsOf('ada@example.com');
      return mails.length > 0 && mails;
    });
    expect(mail?.subject).toBe(`You were added to The ${org.slug}`);
    expect(mail?.text).toContain(`${publicUrl}/`);
    expect(mail?.text).not.toMatch(/link_|#/);
    await eventually(async () => {
      const { pending, invitation } = await read(userId);
      return pending === true && invitation?.state === 'sent';
    });
  });

  it('mails a pending person again after a minute, and records that', async () => {
    const userId = await add('again@example.com');
    await eventually(() => invitationsOf('again@example.com').length === 1);
    const early = await withoutTrace(service, () => invite(userId));
    expectProblem(early, 429, 'too_many_invitations');
    expect(early.headers.get('retry-after')).toBe('60');
    await pass(userId, '1 minute');
    const { response, events } = await audited(service, org.id, () => invite(userId));
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ userId, pending: true });
    expect(events).toEqual([
      expect.objectContaining({ action: 'member.invited', targetId: userId }),
    ]);
    await eventually(() => invitationsOf('again@example.com').length === 2);
  });

  it('is refused for who has opened the organisation, and for service accounts', async () => {
    const person = await addPerson(service, org.id, 'member');
    const { body: account } = await org.manager.post(org.path('/service-accounts'), { name: 'ci' });
    expect(await read(person.userId)).toMatchObject({ pending: true });
    const browser = await signIn(service, person);
    expect(await read(person.userId)).toMatchObject({ pending: true });
    expect((await browser.get(org.path('/keys'))).status).toBe(200);
    expect(await read(person.userId)).toMatchObject({ pending: false });
    expect(account).toMatchObject({ pending: false });
    for (const userId of [person.userId, account.userId as string]) {
      expectProblem(await withoutTrace(service, () => invite(userId)), 409, 'not_pending');
    }
  });

  it('says the same of a new address and of one that is known and in use elsewhere', async () => {
    const browser = await signIn(service, other.member);
    expect((await browser.get(other.path('/keys'))).status).toBe(200);
    const [known, fresh] = [await add(other.member.email), await add('fresh@example.com')];
    for (const userId of [known, fresh]) {
      await eventually(async () => (await read(userId)).invitation?.state === 'sent');
    }
    const own = { userId: 0, email: 0, createdAt: 0, invitation: 0 };
    const [ofKnown, ofFresh] = [
      { ...(await read(known)), ...own },
      { ...(await read(fresh)), ...own },
    ];
    expect(ofKnown).toEqual(ofFresh);
    expect(ofKnown).toMatchObject({ pending: true });
  });

  it('fills nobody’s mailbox: ten mails a day to a person, from all organisations', async () => {
    const email = 'popular@example.com';
    const userId = await add(email);
    for (let n = 1; n < 10; n += 1) {
      await pass(userId, '2 minutes');
      expect((await invite(userId)).status).toBe(200);
    }
    await pass(userId, '2 minutes');
    expectProblem(await invite(userId), 429, 'too_many_invitations');
    // Somebody else adds them: no further mail, and nothing that says so.
    expect(await add(email, 'New', other)).toBe(userId);
    const { body } = await other.manager.get(other.path(`/members/${userId}`));
    expect(body).toMatchObject({ pending: true, invitation: null });
    await eventually(() => invitationsOf(email).length === 10);
  });

  it('finds nobody who is no member', async () => {
    for (const userId of [missing.user, other.manager.userId, 'usr_x']) {
      const response = await withoutTrace(service, () => invite(userId));
      expectProblem(response, 404, 'not_found');
    }
  });

  it('sends nothing to who was removed or has opened the organisation before', async () => {
    smtp.mood = 'refuses';
    const removed = await add('removed@example.com');
    await eventually(async () => {
      // The first attempt has ended.
      const { rowCount } = await service.db.query(
        `SELECT FROM deliveries
         WHERE recipient_id = $1 AND attempts = 1 AND reason <> 'the attempt did not end'`,
        [removed],
      );
      return rowCount === 1;
    });
    expect((await org.manager.delete(org.path(`/members/${removed}`))).status).toBe(200);
    smtp.mood = 'takes';
    await service.db.query(
      'UPDATE deliveries SET next_attempt_at = now(), queued_at = NULL WHERE recipient_id = $1',
      [removed],
    );
    await eventually(async () => {
      const { rows } = await service.db.query<{ state: string }>(
        'SELECT state FROM deliveries WHERE recipient_id = $1',
        [removed],
      );
      return rows[0]?.state === 'obsolete';
    });
    expect(invitationsOf('removed@example.com')).toEqual([]);
  });
});

describe('an invitation without a mail server', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('is logged with its text, says so, and is not repeated', async () => {
    const body = { email: 'ada@example.com', name: 'Ada', role: 'member' };
    const { body: member } = await org.manager.post(org.path('/members'), body);
    const path = org.path(`/members/${member.userId as string}`);
    await eventually(async () => (await org.manager.get(path)).body.invitation.state === 'logged');
    expect(service.log.some((line) => line.includes('You are a member of'))).toBe(true);
    expectProblem(await org.manager.post(`${path}/invite`), 409, 'no_mail_server');
    expect((await service.nobody.get('/v1/sign-in')).body).toMatchObject({ mailServer: false });
  });
});
