import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { itIsForOperators } from '../../support/access.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { permissionsOf } from '../../support/persons.js';
import {
  expectProblem,
  malformedIds,
  missing,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('PUT /v1/orgs/{orgId}/grants', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const grant = (grants: unknown) => service.operator.put(org.path('/grants'), { grants });
  const dataOf = async (who: Parameters<typeof permissionsOf>[0]) =>
    (await permissionsOf(who)).filter((permission) => permission.startsWith('telemetry:'));

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  after(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:admin',
    namesOrg: true,
    send: (who) => who.put(org.path('/grants'), { grants: [] }),
  });

  it('takes permissions from every key of the organisation at once, and gives them back', async () => {
    const verify = async () =>
      (
        await service.operator.post('/v1/verify', {
          key: org.member.key,
          permission: 'telemetry:write',
        })
      ).body.code as string;
    expect(await verify()).toBe('VALID');
    const { answer, events } = await audited(service, org.id, () => grant(['telemetry:read']));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: org.id, grants: ['telemetry:read'] });
    await expectAuthSeq(service, answer);
    expect(await verify()).toBe('INSUFFICIENT_PERMISSION');
    for (const who of [org.manager, org.member]) {
      expect(await dataOf(who)).toEqual(['telemetry:read']);
    }
    expect(events).toEqual([
      expect.objectContaining({
        action: 'org.grants_changed',
        targetId: org.id,
        before: { grants: org.grants },
        after: { grants: ['telemetry:read'] },
      }),
    ]);
    await grant(org.grants);
    expect(await verify()).toBe('VALID');
    expect(await dataOf(org.member)).toEqual([...org.grants].sort());
  });

  it('never gives a key more than its own list, nor a member more than their own grants', async () => {
    const narrow = await addPerson(service, org.id, 'member', ['telemetry:read']);
    const listed = service.as(
      (await createKey(org.manager, org, { permissions: ['telemetry:read'] })).secret,
    );
    await grant([...org.grants, 'billing:read']);
    expect(await dataOf(narrow)).toEqual(['telemetry:read']);
    expect(await permissionsOf(listed)).toEqual(['telemetry:read']);
    expect(await permissionsOf(narrow)).not.toContain('billing:read');
    await grant(org.grants);
  });

  it('can take all data permissions away; what the role manages stays', async () => {
    await grant([]);
    expect(await dataOf(org.manager)).toEqual([]);
    expect(await permissionsOf(org.manager)).toContain('members:admin');
    await grant(org.grants);
  });

  it('leaves other organisations as they are', async () => {
    await grant([]);
    expect(await dataOf(other.member)).toEqual([...other.grants].sort());
    await grant(org.grants);
  });

  it('writes no event when the grants are the same', async () => {
    const { answer, events } = await audited(service, org.id, () => grant(org.grants));
    expect(answer.status).toBe(200);
    expect(events).toEqual([]);
    await expectAuthSeq(service, answer);
  });

  it('answers 404 where there is no such organisation', async () => {
    for (const id of [missing.org, ...malformedIds]) {
      const answer = await withoutTrace(service, () =>
        service.operator.put(`/v1/orgs/${id}/grants`, { grants: [] }),
      );
      expect({ id, status: answer.status }).toEqual({ id, status: 404 });
    }
  });

  it('answers 404 to managers of another organisation', async () => {
    const answer = await withoutTrace(service, () =>
      other.manager.put(org.path('/grants'), { grants: [] }),
    );
    expectProblem(answer, 404, 'not_found');
  });

  it('refuses grants that are none', () =>
    refusesEach(
      service,
      /^grants/,
      {
        'no value': undefined,
        null: null,
        'a text': 'telemetry:read',
        'a number in it': [1],
        'a null in it': [null],
        'no action': ['telemetry'],
        'a wildcard': ['telemetry:*'],
        'one twice': ['telemetry:read', 'telemetry:read'],
        'a reserved resource': ['verify:read'],
        'more than 200': Array.from({ length: 201 }, (_, index) => `r${index}:read`),
      },
      grant,
    ));

  it('takes 200 grants', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `r${index}:read`);
    expect((await grant(many)).body.grants).toEqual(many);
    await grant(org.grants);
  });

  it('refuses fields that it does not know, and bodies that are no object', async () => {
    const put = (body: unknown) => service.operator.put(org.path('/grants'), body);
    const answer = await withoutTrace(service, () => put({ grants: [], name: 'x' }));
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body.detail).toContain('name');
    await refusesOtherBodies(service, put);
  });
});
