import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const permissions = ['plant.line_1:read', 'a.b-c_d.e:write', 'x_:admin'];

describe('names of resources with . and _', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service, permissions);
  });
  afterAll(() => service.stop());

  it('can be granted, listed by a key, verified, and asked for in the path of a proxy', async () => {
    const { secret, body } = await createKey(org.manager, org, { scope: 'admin', permissions });
    expect(body.permissions).toEqual(permissions);
    for (const permission of permissions) {
      const { body: verified } = await service.operator.post('/v1/verify', {
        key: secret,
        permission,
      });
      expect(verified).toMatchObject({ code: 'VALID' });
      const asked = await service.as(secret).get(`/v1/forward-auth/${permission}`);
      expect(asked.status).toBe(204);
    }
    const other = await service.as(secret).get('/v1/forward-auth/plant.line_2:read');
    expect(other.status).toBe(403);
  });

  for (const name of [
    '.a',
    '_a',
    'a b',
    'A.b',
    'a/b',
    'a:b',
    `a${'.'.repeat(63)}`,
    'keys',
    'ä.b',
  ]) {
    it(`are refused when they are ${name}`, async () => {
      const { status } = await service.operator.put(org.path('/grants'), {
        grants: [...permissions, `${name}:read`],
      });
      expect(status).toBe(400);
    });
  }
});
