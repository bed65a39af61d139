import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { setBounds } from '../../support/bounds.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
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

const defaults = { maxKeysPerMember: 1_000, maxKeysPerOrg: 10_000 };
const others = { maxKeysPerMember: 7, maxKeysPerOrg: 70 };

describe('PUT /v1/orgs/{orgId}/bounds', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const put = (body: unknown) => service.operator.put(org.path('/bounds'), body);
  const boundsOf = async (one: Organisation) =>
    (await one.member.get(one.path('/policy'))).body.bounds as unknown;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  beforeEach(() => setBounds(service.operator, org, defaults));
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:admin',
    namesOrg: true,
    send: (who) => who.put(org.path('/bounds'), others),
  });

  it('sets both, shows them wherever the policy is shown, and records them in the audit log', async () => {
    const { response, events } = await audited(service, org.id, () => put(others));
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    const { authSeq, ...policy } = response.body;
    expect(authSeq).toEqual(expect.any(Number));
    expect(policy.bounds).toEqual(others);
    expect((await org.member.get(org.path('/policy'))).body).toEqual(policy);
    expect((await org.member.get(org.path())).body.policy).toEqual(policy);
    const changed = await org.manager.patch(org.path('/policy'), { defaultExpiryDays: 90 });
    expect(changed.body.bounds).toEqual(others);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'org.bounds_changed',
        targetId: org.id,
        before: defaults,
        after: others,
      }),
    ]);
  });

  it('sets them for the operators as well, and for no other organisation', async () => {
    const id = await operatorOrgId(service);
    const operators = { path: (rest = '') => `/v1/orgs/${id}${rest}` };
    await setBounds(service.operator, operators, others);
    const { body } = await service.operator.get(operators.path('/policy'));
    expect(body.bounds).toEqual(others);
    await put({ maxKeysPerMember: 3, maxKeysPerOrg: 2 });
    expect(await boundsOf(org)).toEqual({ maxKeysPerMember: 3, maxKeysPerOrg: 2 });
    expect(await boundsOf(other)).toEqual(defaults);
    // Other files create keys of this operator.
    await setBounds(service.operator, operators, defaults);
  });

  it('finds 1,000 and 10,000, also where somebody inserts organisations who knows no bounds', async () => {
    expect(await boundsOf(other)).toEqual(defaults);
    await service.db.query(
      `INSERT INTO organisations (id, name, slug, kind, grants) VALUES ($1, 'Old', 'old', 'customer', '{}')`,
      [missing.org],
    );
    const { body } = await service.operator.get(`/v1/orgs/${missing.org}/policy`);
    expect(body.bounds).toEqual(defaults);
    await service.db.query('DELETE FROM organisations WHERE id = $1', [missing.org]);
  });

  it('is the only way to change them', async () => {
    for (const input of [{ bounds: others }, others]) {
      for (const who of [org.manager, service.operator]) {
        const response = await withoutTrace(service, () => who.patch(org.path('/policy'), input));
        expectProblem(response, 400, 'invalid_request');
      }
    }
  });

  it('writes no event when they stay as they are', async () => {
    const { response, events } = await audited(service, org.id, () => put(defaults));
    expect(response.status).toBe(200);
    expect(events).toEqual([]);
    await expectAuthSeq(service, response);
  });

  it('responds with 404 where there is no such organisation, and to managers of another one', async () => {
    for (const id of [missing.org, ...malformedIds]) {
      const response = await withoutTrace(service, () =>
        service.operator.put(`/v1/orgs/${id}/bounds`, others),
      );
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
    }
    const response = await withoutTrace(service, () =>
      other.manager.put(org.path('/bounds'), others),
    );
    expectProblem(response, 404, 'not_found');
  });

  for (const field of ['maxKeysPerMember', 'maxKeysPerOrg']) {
    it(`refuses ${field} that is no number from 1 to 100,000`, async () => {
      await refusesEach(
        service,
        field,
        {
          'no value': undefined,
          null: null,
          zero: 0,
          negative: -1,
          half: 1.5,
          text: '5',
          list: [5],
          'too many': 100_001,
          huge: 1e300,
        },
        (value) => put({ ...others, [field]: value }),
      );
      for (const value of [1, 100_000]) {
        expect((await put({ ...others, [field]: value })).body.bounds[field]).toBe(value);
      }
    });
  }

  it('refuses fields that it does not know, and bodies that are no object', async () => {
    const response = await withoutTrace(service, () => put({ ...others, maxKeys: 5 }));
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('maxKeys');
    await refusesOtherBodies(service, put);
  });
});
