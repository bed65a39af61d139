import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

describe('a key that was pasted into the wrong place', () => {
  let service: Service;
  let org: Organisation;
  let secret: string;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    ({ secret } = await createKey(org.manager, org));
  });
  after(() => service.stop());

  it('is refused as part of any name, and not repeated in the answer', async () => {
    const name = `my key is ${secret}`;
    const answers = [
      await org.manager.post(org.path('/keys'), { name, scope: 'read' }),
      await org.manager.post(org.path('/service-accounts'), { name }),
      await org.manager.patch(org.path(), { name }),
      await org.manager.patch(org.path(`/keys/${org.manager.keyId}`), { name }),
      await service.operator.post('/v1/users', { name, email: 'ada@example.com' }),
    ];
    for (const { status, body, text } of answers) {
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
      expect(body.errors[0].message).toContain('must not contain an API key');
      expect(text).not.toContain(secret);
    }
  });

  it('is refused as the name of a field, and not repeated in the answer', async () => {
    const { status, text } = await org.manager.post(org.path('/keys'), { [secret]: 'x' });
    expect(status).toBe(400);
    expect(text).not.toContain(secret);
  });

  it('is left out of the audit log when it stands in the User-Agent', async () => {
    const answer = await org.manager.post(
      org.path('/keys'),
      { name: 'ordinary', scope: 'read' },
      { 'user-agent': `agent/${secret}` },
    );
    expect(answer.status).toBe(201);
    const { body } = await org.manager.get(org.path('/audit-events?limit=1'));
    expect(body.items[0]).toMatchObject({ action: 'key.created', userAgent: null });
  });
});
