import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { unnarrow } from '../../support/keys.js';
import {
  addPerson,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { permissionsOf } from '../../support/persons.js';
import { expectProblem, refusesEach, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('Grants of members', () => {
  let service: Service;
  let org: Organisation;
  /** A manager who holds one of the three permissions of the organisation. */
  let narrow: Person;
  let serial = 0;

  /** The three ways to set grants. */
  const ways: Record<string, (who: Person, grants: unknown) => Promise<ApiResponse>> = {
    'adding a person': (who, grants) => {
      serial += 1;
      const email = `grants-${serial}@example.com`;
      return who.post(org.path('/members'), { email, name: 'G', role: 'member', grants });
    },
    'adding a service account': (who, grants) =>
      who.post(org.path('/service-accounts'), { name: 'G', grants }),
    'changing a member': async (who, grants) => {
      const target = await addPerson(service, org.id, 'member', []);
      return who.put(org.path(`/members/${target.userId}`), { role: 'member', grants });
    },
  };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    await unnarrow(service, org.manager);
    narrow = await addPerson(service, org.id, 'manager', ['telemetry:read']);
  });
  afterAll(() => service.stop());

  for (const [way, send] of Object.entries(ways)) {
    describe(way, () => {
      it('gives what the organisation and the setter hold', async () => {
        for (const grants of [[], ['telemetry:read'], ['telemetry:admin', 'telemetry:read']]) {
          expect((await send(org.manager, grants)).body.grants).toEqual(grants);
        }
        expect((await send(narrow, ['telemetry:read'])).body.grants).toEqual(['telemetry:read']);
      });

      it('lets one who inherits all grants let others inherit them', async () => {
        const { status, body } = await send(org.manager, null);
        expect([200, 201]).toContain(status);
        expect(body.grants).toBeNull();
      });

      it('lets nobody else let others inherit all grants', async () => {
        const response = await send(narrow, null);
        expectProblem(response, 403, 'exceeds_issuer');
        expect(response.body.detail).toMatch(/inherit/);
      });

      it('refuses what the setter does not hold, and names it', async () => {
        const response = await send(narrow, ['telemetry:read', 'telemetry:write']);
        expectProblem(response, 403, 'exceeds_issuer');
        expect(response.body.detail).toContain('telemetry:write');
      });

      it('refuses what the organisation does not hold, and names it', async () => {
        for (const who of [org.manager, narrow]) {
          const response = await send(who, ['telemetry:read', 'billing:read']);
          expectProblem(response, 400, 'not_in_grants');
          expect(response.body.detail).toMatch(/billing:read.*organisation/);
        }
      });
    });
  }

  for (const way of ['adding a person', 'adding a service account']) {
    it(`leaves no trace of a refusal when ${way}`, async () => {
      for (const grants of [null, ['telemetry:write'], ['billing:read']]) {
        const response = await withoutTrace(
          service,
          () => ways[way]?.(narrow, grants) ?? Promise.reject(new Error(way)),
        );
        expect([400, 403]).toContain(response.status);
      }
      const { rows } = await service.db.query(
        `SELECT FROM users u WHERE NOT EXISTS (SELECT FROM memberships WHERE user_id = u.id)`,
      );
      expect(rows).toEqual([]);
    });

    it(`refuses grants that are none when ${way}`, () =>
      refusesEach(
        service,
        /^grants/,
        {
          'a text': 'telemetry:read',
          'a number in it': [1],
          'no action': ['telemetry'],
          'a wildcard': ['telemetry:*'],
          'one twice': ['telemetry:read', 'telemetry:read'],
          'a reserved resource': ['keys:read'],
          'a NUL': ['telemetry\0:read'],
          'more than 200': Array.from({ length: 201 }, (_, index) => `r${index}:read`),
        },
        (grants) => ways[way]?.(org.manager, grants) ?? Promise.reject(new Error(way)),
      ));
  }

  it('lets a restricted manager leave a member what they have, and take some of it', async () => {
    const rich = await addPerson(service, org.id, 'member');
    const path = org.path(`/members/${rich.userId}`);
    const unchanged = await narrow.put(path, { role: 'member', grants: null });
    expect(unchanged.body.grants).toBeNull();
    const less = await narrow.put(path, {
      role: 'member',
      grants: ['telemetry:write', 'telemetry:read'],
    });
    expect(less.body.grants).toEqual(['telemetry:write', 'telemetry:read']);
    const least = await narrow.put(path, { role: 'member', grants: ['telemetry:write'] });
    expect(least.body.grants).toEqual(['telemetry:write']);
    const back = await withoutTrace(service, () =>
      narrow.put(path, { role: 'member', grants: ['telemetry:write', 'telemetry:admin'] }),
    );
    expectProblem(back, 403, 'exceeds_issuer');
    expect(back.body.detail).toContain('telemetry:admin');
  });

  it('lets nobody widen their own grants', async () => {
    const path = org.path(`/members/${narrow.userId}`);
    for (const grants of [null, ['telemetry:read', 'telemetry:write']]) {
      const response = await withoutTrace(service, () =>
        narrow.put(path, { role: 'manager', grants }),
      );
      expectProblem(response, 403, 'exceeds_issuer');
    }
  });

  it('lets operators set any grants of the organisation', async () => {
    const target = await addPerson(service, org.id, 'member', []);
    const path = org.path(`/members/${target.userId}`);
    for (const grants of [['telemetry:admin'], null]) {
      const { status, body } = await service.operator.put(path, { role: 'member', grants });
      expect({ status, grants: body.grants }).toEqual({ status: 200, grants });
    }
  });

  it('restricts every key of the member at once, and widens them again up to their own lists', async () => {
    const data = async () =>
      (await permissionsOf(org.member)).filter((one) => one.startsWith('telemetry:'));
    const path = org.path(`/members/${org.member.userId}`);
    expect(await data()).toEqual([...org.grants].sort());
    await org.manager.put(path, { role: 'member', grants: ['telemetry:write'] });
    expect(await data()).toEqual(['telemetry:write']);
    const { body } = await service.operator.post('/v1/verify', {
      key: org.member.key,
      permission: 'telemetry:read',
    });
    expect(body.code).toBe('INSUFFICIENT_PERMISSION');
    await org.manager.put(path, { role: 'member', grants: [] });
    expect(await data()).toEqual([]);
    await org.manager.put(path, { role: 'member', grants: null });
    expect(await data()).toEqual([...org.grants].sort());
  });

  it('lets grants be sent back that the organisation has lost', async () => {
    const grants = ['telemetry:read', 'telemetry:write'];
    const target = await addPerson(service, org.id, 'member', grants);
    await service.operator.put(org.path('/grants'), { grants: ['telemetry:write'] });
    const { status, body } = await narrow.put(org.path(`/members/${target.userId}`), {
      role: 'member',
      grants,
    });
    expect({ status, grants: body.grants }).toEqual({ status: 200, grants });
    await service.operator.put(org.path('/grants'), { grants: org.grants });
  });

  it('keeps grants of a member that the organisation has lost without effect', async () => {
    const target = await addPerson(service, org.id, 'member', [
      'telemetry:read',
      'telemetry:write',
    ]);
    await service.operator.put(org.path('/grants'), { grants: ['telemetry:write'] });
    expect(await permissionsOf(target)).not.toContain('telemetry:read');
    expect(await permissionsOf(target)).toContain('telemetry:write');
    await service.operator.put(org.path('/grants'), { grants: org.grants });
    expect(await permissionsOf(target)).toContain('telemetry:read');
  });
});
