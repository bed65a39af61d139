import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
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
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('PATCH /v1/orgs/{orgId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const rename = (body: unknown) => org.manager.patch(org.path(), body);

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'org:admin',
    send: (who, orgId) => who.patch(`/v1/orgs/${orgId}`, { name: 'Taken over' }),
  });

  it('renames the organisation for its manager, at once for every key', async () => {
    const before = (await org.manager.get(org.path())).body.name;
    const { response, events } = await audited(service, org.id, () =>
      rename({ name: ' Südwind ' }),
    );
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    expect(response.body).toMatchObject({ id: org.id, name: 'Südwind', slug: org.slug });
    expect((await org.member.get('/v1/whoami')).body.orgName).toBe('Südwind');
    expect((await service.operator.get(org.path())).body.name).toBe('Südwind');
    expect(events).toEqual([
      expect.objectContaining({
        action: 'org.renamed',
        targetId: org.id,
        actor: { kind: 'key', orgId: org.id, userId: org.manager.userId, keyId: org.manager.keyId },
        before: { name: before },
        after: { name: 'Südwind' },
      }),
    ]);
  });

  it('lets operators rename it, too, also their own organisation', async () => {
    for (const id of [org.id, await operatorOrgId(service)]) {
      const { response, events } = await audited(service, id, () =>
        service.operator.patch(`/v1/orgs/${id}`, { name: `Renamed ${id}` }),
      );
      expect(response.status).toBe(200);
      expect(events).toHaveLength(1);
      expect((await service.operator.get(`/v1/orgs/${id}`)).body.name).toBe(`Renamed ${id}`);
    }
  });

  it('leaves other organisations as they are', async () => {
    await rename({ name: 'Only this one' });
    expect((await other.manager.get(other.path())).body.name).toBe(`The ${other.slug}`);
  });

  it('writes no event when the name is the same', async () => {
    await rename({ name: 'Same' });
    const { response, events } = await audited(service, org.id, () => rename({ name: 'Same' }));
    expect(response.status).toBe(200);
    expect(response.body.name).toBe('Same');
    await expectAuthSeq(service, response);
    expect(events).toEqual([]);
  });

  it('refuses names that are none', () =>
    refusesEach(service, 'name', { ...badNames, ...leadingNames }, (name) => rename({ name })));

  it('refuses to change anything else', async () => {
    for (const extra of [{ slug: 'new' }, { status: 'active' }, { grants: [] }, { policy: {} }]) {
      const response = await withoutTrace(service, () => rename({ name: 'New', ...extra }));
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toContain(Object.keys(extra)[0]);
    }
  });

  it('refuses bodies that are no object', () => refusesOtherBodies(service, rename));
});
