import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('a key that was pasted into the wrong place', () => {
  let service: Service;
  let org: Organisation;
  let secret: string;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    ({ secret } = await createKey(org.manager, org));
  });
  afterAll(() => service.stop());

  it('is refused as part of any name, and not repeated in the response', async () => {
    const name = `my key is ${secret}`;
    const responses = [
      await org.manager.post(org.path('/keys'), { name, scope: 'read' }),
      await org.manager.post(org.path('/service-accounts'), { name }),
      await org.manager.patch(org.path(), { name }),
      await org.manager.patch(org.path(`/keys/${org.manager.keyId}`), { name }),
      await service.operator.post('/v1/users', { name, email: 'ada@example.com' }),
    ];
    for (const { status, body, text } of responses) {
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
      expect(body.errors[0].message).toContain('must not contain an API key');
      expect(text).not.toContain(secret);
    }
  });

  it('is refused as the name of a field, and not repeated in the response', async () => {
    const { status, text } = await org.manager.post(org.path('/keys'), { [secret]: 'x' });
    expect(status).toBe(400);
    expect(text).not.toContain(secret);
  });

  it('is left out of the audit log when it is in the User-Agent', async () => {
    const response = await org.manager.post(
      org.path('/keys'),
      { name: 'ordinary', scope: 'read' },
      { 'user-agent': `agent/${secret}` },
    );
    expect(response.status).toBe(201);
    const { body } = await org.manager.get(org.path('/audit-events?limit=1'));
    expect(body.items[0]).toMatchObject({ action: 'key.created', userAgent: null });
  });

  it('is left out of it also where no more than its beginning would be logged', async () => {
    const rename = (name: string, agent: string) =>
      org.manager.call('PATCH', org.path(), { name }, { 'user-agent': agent });
    for (const missing of [0, 1, 6, 44]) {
      const agent = 'x'.repeat(255 - secret.length + missing) + ` ${secret}`;
      expect((await rename(`Missing ${missing}`, agent)).status).toBe(200);
      const { body } = await org.manager.get(org.path('/audit-events?limit=1'));
      expect(body.items[0]).toMatchObject({ action: 'org.renamed', userAgent: null });
    }
  });

  it('is not repeated where a message about it is cut', async () => {
    for (const place of [200, 240, 260, 280]) {
      const fields = { ['x'.repeat(place)]: 1, [secret]: 1 };
      const { status, text } = await org.manager.post(org.path('/keys'), fields);
      expect(status).toBe(400);
      expect(text).not.toContain(secret.slice(0, 12));
    }
  });
});
