import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { badEmails } from '../../support/emails.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import {
  badNames,
  leadingNames,
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('POST /v1/users', () => {
  let service: Service;
  let org: Organisation;
  const create = (body: unknown) => service.operator.post('/v1/users', body);

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'users:admin',
    send: (who) => who.post('/v1/users', { email: 'refused@example.com', name: 'Refused' }),
  });

  it('creates an active person, and says so in the log of the operators', async () => {
    const operators = await operatorOrgId(service);
    const { response, events } = await audited(service, operators, () =>
      create({ email: 'ada@example.com', name: ' Ada Lovelace ' }),
    );
    expect(response.status).toBe(201);
    expect(response.body).toEqual({
      id: expect.stringMatching(/^usr_[0-9a-z]{26}$/),
      kind: 'person',
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      status: 'active',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      authSeq: expect.any(Number),
    });
    await expectAuthSeq(service, response);
    const { authSeq, ...stored } = response.body;
    expect(authSeq).toBeGreaterThan(0);
    expect((await service.operator.get(`/v1/users/${stored.id as string}`)).body).toEqual(stored);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'user.created',
        targetId: stored.id,
        before: null,
        after: { email: 'ada@example.com', name: 'Ada Lovelace' },
      }),
    ]);
  });

  it('makes them a member of no organisation', async () => {
    const { body } = await create({ email: 'nowhere@example.com', name: 'Nowhere' });
    const { rows } = await service.db.query('SELECT FROM memberships WHERE user_id = $1', [
      body.id,
    ]);
    expect(rows).toEqual([]);
    const key = await service.operator.post(org.path('/keys'), {
      name: 'k',
      scope: 'read',
      ownerId: body.id as string,
    });
    expectProblem(key, 400, 'invalid_request');
  });

  it('keeps e-mail addresses in lower case', async () => {
    const { body } = await create({ email: 'Grace.Hopper+Navy@Example.COM', name: 'Grace' });
    expect(body.email).toBe('grace.hopper+navy@example.com');
  });

  it('responds with 409 to an address that somebody has, in whichever letter case', async () => {
    await create({ email: 'taken@example.com', name: 'First' });
    for (const email of ['taken@example.com', 'TAKEN@example.COM', 'Taken@Example.com']) {
      const response = await withoutTrace(service, () => create({ email, name: 'Second' }));
      expectProblem(response, 409, 'email_taken');
    }
  });

  it('responds with 409 to the address of somebody whom a manager added', async () => {
    await org.manager.post(org.path('/members'), {
      email: 'added@example.com',
      name: 'Added',
      role: 'member',
    });
    const response = await withoutTrace(service, () =>
      create({ email: 'added@example.com', name: 'Again' }),
    );
    expectProblem(response, 409, 'email_taken');
  });

  it('gives an address to one of many who ask for it at once', async () => {
    const responses = await Promise.all(
      ['race@example.com', 'Race@example.com', 'RACE@EXAMPLE.COM', 'racE@example.com'].map(
        (email) => create({ email, name: 'Racer' }),
      ),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('refuses addresses that are none', () =>
    refusesEach(service, 'email', badEmails, (email) => create({ email, name: 'Ada' })));

  it('refuses names that are none', () =>
    refusesEach(service, 'name', { ...badNames, ...leadingNames }, (name) =>
      create({ email: 'n@example.com', name }),
    ));

  it('refuses fields that it does not know', async () => {
    for (const extra of [{ kind: 'service' }, { status: 'active' }, { id: 'usr_x' }]) {
      const response = await withoutTrace(service, () =>
        create({ email: 'f@example.com', name: 'F', ...extra }),
      );
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toContain(Object.keys(extra)[0]);
    }
  });

  it('refuses bodies that are no object', () => refusesOtherBodies(service, create));
});
