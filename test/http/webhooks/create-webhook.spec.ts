import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import {
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const url = 'https://hooks.example.com/keyfence?token=t0ken';

describe('POST /v1/orgs/{orgId}/webhooks', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const create = (body: unknown) => org.manager.post(org.path('/webhooks'), body);

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
    permission: 'webhooks:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}/webhooks`, { url }),
  });

  it('creates one, shows its secret, and keeps the path of its URL out of the audit log', async () => {
    const events = ['key.created', 'key.expiring'];
    const { response, events: rows } = await audited(service, org.id, () =>
      create({ url, events }),
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await expectAuthSeq(service, response);
    const { webhook, secret } = response.body;
    expect(webhook).toEqual({
      id: expect.stringMatching(/^whk_/),
      orgId: org.id,
      url,
      events,
      createdAt: expect.any(String),
    });
    const bytes = Buffer.from(/^whsec_(.+)$/.exec(secret as string)?.[1] ?? '', 'base64');
    expect(bytes).toHaveLength(32);
    expect(rows).toEqual([
      expect.objectContaining({
        action: 'webhook.created',
        targetId: webhook.id,
        before: null,
        after: { host: 'hooks.example.com', events },
      }),
    ]);
    const read = await org.manager.get(org.path(`/webhooks/${webhook.id}`));
    expect(read.body).toEqual(webhook);
  });

  it('sends all events where none are named', async () => {
    const response = await create({ url: 'https://HOOKS.example.com:443' });
    expect(response.body.webhook).toMatchObject({
      url: 'https://hooks.example.com/',
      events: null,
    });
  });

  it('refuses URLs that are none', () =>
    refusesEach(
      service,
      'url',
      {
        'no value': undefined,
        null: null,
        'a number': 5,
        'an empty text': '',
        'no URL': 'hooks.example.com',
        'another protocol': 'ftp://hooks.example.com',
        'a script': 'javascript:alert(1)',
        'a user': 'https://user@hooks.example.com',
        'a password': 'https://user:secret@hooks.example.com',
        'a fragment': 'https://hooks.example.com/#part',
        'more than 2,000 characters': `https://hooks.example.com/${'x'.repeat(2_000)}`,
        'an API key': `https://hooks.example.com/${org.member.key}`,
      },
      (value) => create({ url: value }),
    ));

  it('refuses events that are none', () =>
    refusesEach(
      service,
      /^events/,
      {
        'a text': 'key.created',
        'an empty list': [],
        'an unknown one': ['key.created', 'key.stolen'],
        'one twice': ['key.created', 'key.created'],
        'a test event': ['ping'],
      },
      (events) => create({ url, events }),
    ));

  it('refuses targets that are not on the public internet', async () => {
    for (const target of [
      'http://hooks.example.com/',
      'https://localhost/',
      'https://127.0.0.1:5432/',
      'https://0x7f000001/',
      'https://169.254.169.254/latest',
      'https://[::1]/',
      'https://[::ffff:10.0.0.1]/',
    ]) {
      const response = await withoutTrace(service, () => create({ url: target }));
      expectProblem(response, 400, 'target_not_allowed');
    }
  });

  it('refuses other fields and bodies that are no object', async () => {
    const response = await withoutTrace(service, () => create({ url, secret: 'mine' }));
    expectProblem(response, 400, 'invalid_request');
    await refusesOtherBodies(service, create);
  });

  it('creates 20 for an organisation, however many are asked for at once', async () => {
    const path = other.path('/webhooks');
    const responses = await Promise.all(
      Array.from({ length: 25 }, () => other.manager.post(path, { url })),
    );
    const refused = responses.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(5);
    for (const response of refused) expectProblem(response, 409, 'too_many_webhooks');
    expect((await other.manager.get(path)).body.items).toHaveLength(20);
  });
});
