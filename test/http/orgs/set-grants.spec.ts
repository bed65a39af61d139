import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('PUT /v1/orgs/{orgId}/grants', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const grant = (grants: unknown) => service.operator.put(org.path('/grants'), { grants });
  const dataOf = async (who: Parameters<typeof permissionsOf>[0]) =>
    (await permissionsOf(who)).filter((permission) => permission.startsWith('telemetry:'));

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

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
    const { response, events } = await audited(service, org.id, () => grant(['telemetry:read']));
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ id: org.id, grants: ['telemetry:read'] });
    await expectAuthSeq(service, response);
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
    const { response, events } = await audited(service, org.id, () => grant(org.grants));
    expect(response.status).toBe(200);
    expect(events).toEqual([]);
    await expectAuthSeq(service, response);
  });

  it('responds with 404 where there is no such organisation', async () => {
    for (const id of [missing.org, ...malformedIds]) {
      const response = await withoutTrace(service, () =>
        service.operator.put(`/v1/orgs/${id}/grants`, { grants: [] }),
      );
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
    }
  });

  it('responds with 404 to managers of another organisation', async () => {
    const response = await withoutTrace(service, () =>
      other.manager.put(org.path('/grants'), { grants: [] }),
    );
    expectProblem(response, 404, 'not_found');
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

  it('gives nothing on resources that are reserved, and keeps what was given before', async () => {
    for (const reserved of ['credits:read', 'limits:admin', 'leaks:write', 'portal:read']) {
      const response = await withoutTrace(service, () => grant([...org.grants, reserved]));
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toContain(reserved);
    }
    // As an organisation is that was given it by an earlier release.
    const earlier = ['credits:read', ...other.grants];
    await service.db.query('UPDATE organisations SET grants = $2 WHERE id = $1', [
      other.id,
      earlier,
    ]);
    const put = (grants: string[]) => service.operator.put(other.path('/grants'), { grants });
    const unchanged = await put([...earlier, 'billing:read']);
    expect(unchanged.body).toMatchObject({
      grants: [...earlier, 'billing:read'],
      reservedGrants: ['credits:read'],
    });
    const person = await addPerson(service, other.id, 'member', ['credits:read']);
    expect(await permissionsOf(person)).toContain('credits:read');
    expect((await put(other.grants)).body.reservedGrants).toEqual([]);
    expect(await permissionsOf(person)).not.toContain('credits:read');
    expectProblem(await withoutTrace(service, () => put(earlier)), 400, 'invalid_request');
  });

  it('takes 200 grants', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `r${index}:read`);
    expect((await grant(many)).body.grants).toEqual(many);
    await grant(org.grants);
  });

  it('refuses fields that it does not know, and bodies that are no object', async () => {
    const put = (body: unknown) => service.operator.put(org.path('/grants'), body);
    const response = await withoutTrace(service, () => put({ grants: [], name: 'x' }));
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('name');
    await refusesOtherBodies(service, put);
  });
});
