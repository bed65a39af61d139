import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import { count } from '../../support/environment.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { join, operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { untilIdle } from '../../support/reminders.js';
import { startService, type Service } from '../../support/service.js';
import { signIn } from '../../support/sessions.js';
import { startSmtp, type Smtp } from '../../support/smtp.js';

describe('Deactivating who manages', () => {
  let service: Service;
  let smtp: Smtp;
  let operators: string;

  const deactivate = (userId: string) => service.operator.post(`/v1/users/${userId}/deactivate`);
  const named = ({ id, slug }: Organisation) => ({ id, name: `The ${slug}` });

  beforeAll(async () => {
    smtp = await startSmtp();
    service = await startService({ settings: smtp.settings });
    operators = await operatorOrgId(service);
  });
  afterAll(async () => {
    await service.stop();
    await smtp.close();
  });

  it('is never oneself, whether with a key or in the console', async () => {
    const { body } = await service.operator.get('/v1/whoami');
    const response = await withoutTrace(service, () => deactivate(body.ownerId as string));
    expectProblem(response, 409, 'self_deactivation');
    const person = await addPerson(service, operators, 'manager');
    const console = await signIn(service, person);
    const own = await withoutTrace(service, () =>
      console.post(`/v1/users/${person.userId}/deactivate`),
    );
    expectProblem(own, 409, 'self_deactivation');
    await addPerson(service, operators, 'manager');
    expect((await deactivate(person.userId)).status).toBe(200);
  });

  it('never takes the last operator, nor the last of them whom a mail reaches', async () => {
    const { rows } = await service.db.query<{ id: string }>(
      `SELECT u.id FROM users u JOIN memberships m ON m.user_id = u.id
       WHERE m.org_id = $1 AND u.kind = 'person' AND u.status = 'active'`,
      [operators],
    );
    expect(rows).toHaveLength(1);
    const response = await withoutTrace(service, () => deactivate(rows[0]?.id ?? ''));
    expectProblem(response, 409, 'last_manager');
  });

  it('names organisations that are left without a manager: in the response, the log and a mail', async () => {
    const reader = await addPerson(service, operators, 'manager');
    const [one, two, three] = [
      await createOrganisation(service),
      await createOrganisation(service),
      await createOrganisation(service),
    ];
    const { userId } = one.manager;
    await join(service, two, userId, 'manager');
    await join(service, three, userId, 'member');
    const { response, events } = await audited(service, operators, () => deactivate(userId));
    expect(response.body).toMatchObject({
      status: 'deactivated',
      orgsWithoutManager: [named(one)],
    });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'user.deactivated',
        targetId: userId,
        before: { status: 'active' },
        after: { status: 'deactivated', orgsWithoutManager: [named(one)] },
      }),
    ]);
    const [mail] = await smtp.until(reader.email, 1);
    expect(mail?.subject).toBe('One organisation has no manager any more');
    for (const text of [mail?.text, mail?.html]) {
      expect(text).toContain(one.id);
      expect(text).not.toContain(two.id);
      expect(text).not.toContain(three.id);
    }
    const again = await audited(service, operators, () => deactivate(userId));
    expect(again.response.body.orgsWithoutManager).toEqual([named(one)]);
    expect(again.events).toEqual([]);
    await untilIdle(service.db);
    expect(smtp.for(reader.email)).toHaveLength(1);
    expect(smtp.for(one.manager.email)).toEqual([]);
  });

  it('shows nobody where another person manages', async () => {
    const org = await createOrganisation(service);
    await addPerson(service, org.id, 'manager');
    const { body } = await deactivate(org.manager.userId);
    expect(body.orgsWithoutManager).toEqual([]);
  });

  it('names an organisation whose other managers are accounts', async () => {
    const org = await createOrganisation(service);
    const account = { name: 'Robot', role: 'manager' };
    await service.operator.post(org.path('/service-accounts'), account);
    const { body } = await deactivate(org.manager.userId);
    expect(body.orgsWithoutManager).toEqual([named(org)]);
  });

  it('shows the mail among the deliveries', async () => {
    const org = await createOrganisation(service);
    await deactivate(org.manager.userId);
    await untilIdle(service.db);
    const { body } = await service.operator.get('/v1/deliveries?limit=1');
    expect(body.items).toMatchObject([
      { channel: 'email', orgId: operators, keyId: null, digestDay: null, state: 'sent' },
    ]);
  });

  it('sees a membership that is added at the same time', async () => {
    const org = await createOrganisation(service);
    const other = await createOrganisation(service);
    const { userId } = org.manager;
    await using held = await hold(
      service.db,
      'SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE',
      [org.id],
    );
    const response = deactivate(userId);
    await untilWaiting(service.db);
    await service.operator.put(other.path(`/members/${userId}`), { role: 'manager', grants: null });
    await service.operator.delete(other.path(`/members/${other.manager.userId}`));
    await held.commit();
    const { status, body } = await response;
    expect(status).toBe(200);
    const ids = (body.orgsWithoutManager as { id: string }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual([org.id, other.id].sort());
  });

  it('leaves a manager when operators turn on each other', async () => {
    for (let round = 0; round < count(3, 30); round += 1) {
      const [a, b] = [
        await addPerson(service, operators, 'manager'),
        await addPerson(service, operators, 'manager'),
      ];
      await service.db.query(
        `UPDATE users u SET status = 'deactivated' FROM memberships m
         WHERE m.user_id = u.id AND m.org_id = $1 AND u.kind = 'person' AND u.id NOT IN ($2, $3)`,
        [operators, a.userId, b.userId],
      );
      const responses = await Promise.all([
        a.post(`/v1/users/${b.userId}/deactivate`),
        b.post(`/v1/users/${a.userId}/deactivate`),
        service.operator.delete(`/v1/orgs/${operators}/members/${a.userId}`),
        service.operator.delete(`/v1/orgs/${operators}/members/${b.userId}`),
      ]);
      for (const { status } of responses) expect([200, 401, 404, 409, 503]).toContain(status);
      const { rows } = await service.db.query(
        `SELECT FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.org_id = $1 AND m.role = 'manager' AND u.status = 'active' AND u.kind = 'person'`,
        [operators],
      );
      expect(rows).toHaveLength(1);
    }
  });
});
