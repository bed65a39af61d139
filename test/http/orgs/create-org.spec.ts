import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId, permissionsOf } from '../../support/persons.js';
import {
  badNames,
  leadingNames,
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('POST /v1/orgs', () => {
  let service: Service;
  let org: Organisation;
  const valid = { name: 'Nordlicht', slug: 'nordlicht', grants: ['telemetry:read'] };
  const create = (body: unknown) => service.operator.post('/v1/orgs', body);

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:admin',
    send: (who) => who.post('/v1/orgs', { ...valid, slug: 'refused' }),
  });

  it('creates an active organisation with the default policy, and says so in its log', async () => {
    const body = {
      name: '  Café Nord 🔑 ',
      slug: 'cafe-nord',
      grants: ['telemetry:read', 'a-1:admin'],
    };
    const { response, events } = await audited(service, undefined, () => create(body));
    expect(response.status).toBe(201);
    expect(response.body).toEqual({
      id: expect.stringMatching(/^org_[0-9a-z]{26}$/),
      name: 'Café Nord 🔑',
      slug: 'cafe-nord',
      kind: 'customer',
      status: 'active',
      grants: ['telemetry:read', 'a-1:admin'],
      reservedGrants: [],
      policy: {
        defaultExpiryDays: 90,
        maxLifetimeDays: 365,
        allowNoExpiry: false,
        memberKeys: 'own',
        bounds: { maxKeysPerMember: 1_000, maxKeysPerOrg: 10_000 },
      },
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      authSeq: expect.any(Number),
    });
    await expectAuthSeq(service, response);
    const operator = (await service.operator.get('/v1/whoami')).body;
    expect(events).toEqual([
      expect.objectContaining({
        action: 'org.created',
        targetId: response.body.id,
        actor: {
          kind: 'key',
          orgId: operator.orgId,
          userId: operator.ownerId,
          keyId: operator.keyId,
        },
        before: null,
        after: { name: 'Café Nord 🔑', slug: 'cafe-nord', grants: ['telemetry:read', 'a-1:admin'] },
        ip: '127.0.0.1',
      }),
    ]);
    const { authSeq, ...stored } = response.body;
    expect(authSeq).toBeGreaterThan(0);
    const read = await service.operator.get(`/v1/orgs/${stored.id as string}`);
    expect(read.body).toEqual(stored);
  });

  it('gives no data permission when none is named', async () => {
    const { status, body } = await create({ name: 'Bare', slug: 'bare' });
    expect(status).toBe(201);
    expect(body.grants).toEqual([]);
    const manager = await addPerson(service, body.id as string, 'manager');
    expect((await permissionsOf(manager)).some((one) => one.startsWith('telemetry:'))).toBe(false);
  });

  it('takes names of up to 100 characters and slugs of 1 to 63', async () => {
    for (const slug of ['a', '0', 'a'.repeat(63), 'a--b', '7-up']) {
      const { status, body } = await create({ ...valid, name: 'n'.repeat(100), slug });
      expect({ status, slug: body.slug }).toEqual({ status: 201, slug });
    }
  });

  it('responds with 409 to a slug that is taken, also by the operator organisation', async () => {
    for (const slug of [org.slug, 'operators']) {
      expectProblem(
        await withoutTrace(service, () => create({ ...valid, slug })),
        409,
        'slug_taken',
      );
    }
  });

  it('gives a slug to one of many who ask for it at once', async () => {
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => create({ ...valid, slug: 'contested' })),
    );
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('lets two organisations have the same name', async () => {
    const responses = [
      await create({ ...valid, slug: 'twin-1' }),
      await create({ ...valid, slug: 'twin-2' }),
    ];
    expect(responses.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('refuses names that are none', () =>
    refusesEach(service, 'name', { ...badNames, ...leadingNames }, (name) =>
      create({ ...valid, slug: 'refused', name }),
    ));

  it('refuses slugs that are none', () =>
    refusesEach(
      service,
      'slug',
      {
        'no value': undefined,
        null: null,
        'a number': 7,
        'an empty text': '',
        'capital letters': 'Nord',
        'a space': 'no rd',
        'a leading hyphen': '-nord',
        'a trailing hyphen': 'nord-',
        'an underscore': 'no_rd',
        'other letters': 'nörd',
        '64 characters': 'a'.repeat(64),
        'a line break': 'nord\n',
        'a NUL': 'no\0rd',
      },
      (slug) => create({ ...valid, slug }),
    ));

  it('refuses grants that are none', () =>
    refusesEach(
      service,
      /^grants/,
      {
        null: null,
        'a text': 'telemetry:read',
        'an object': {},
        'a number in it': [1],
        'an empty text in it': [''],
        'no action': ['telemetry'],
        'an unknown action': ['telemetry:delete'],
        'a wildcard': ['telemetry:*'],
        'a wildcard resource': ['*:read'],
        'capital letters': ['Telemetry:read'],
        'a blank': [' telemetry:read'],
        'a NUL': ['telemetry\0:read'],
        'one twice': ['telemetry:read', 'telemetry:read'],
        'more than 200': Array.from({ length: 201 }, (_, index) => `r${index}:read`),
        'a resource of 64 characters': [`${'r'.repeat(64)}:read`],
        'a line break behind it': ['telemetry:read\n'],
      },
      (grants) => create({ ...valid, slug: 'refused', grants }),
    ));

  it('refuses to grant permissions over Keyfence itself', () =>
    refusesEach(
      service,
      'grants.1',
      Object.fromEntries(
        [
          ...['keys', 'members', 'audit', 'org', 'orgs', 'users', 'verify', 'webhooks'],
          ...['credits', 'limits', 'leaks', 'portal'],
        ].flatMap((resource) =>
          ['read', 'write', 'admin'].map((action) => [resource + action, `${resource}:${action}`]),
        ),
      ),
      (reserved) => create({ ...valid, slug: 'refused', grants: ['telemetry:read', reserved] }),
    ));

  it('refuses fields that it does not know', async () => {
    for (const extra of [{ status: 'suspended' }, { kind: 'operator' }, { id: org.id }]) {
      const response = await withoutTrace(service, () =>
        create({ ...valid, slug: 'refused', ...extra }),
      );
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toContain(Object.keys(extra)[0]);
    }
  });

  it('refuses bodies that are no object', () => refusesOtherBodies(service, create));

  it('refuses a request without a body', async () => {
    expectProblem(await withoutTrace(service, () => create(undefined)), 400, 'invalid_request');
  });

  it('never creates a second operator organisation', async () => {
    const { rows } = await service.db.query(`SELECT id FROM organisations WHERE kind = 'operator'`);
    expect(rows).toEqual([{ id: await operatorOrgId(service) }]);
  });
});
