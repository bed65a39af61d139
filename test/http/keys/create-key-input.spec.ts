import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { invisibleNames, turningNames } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('the request that creates a key', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const send = (body: unknown) => () => org.manager.post(org.path('/keys'), body);
  const valid = { name: 'a key', scope: 'read' };

  for (const [what, name] of Object.entries({
    'no name': undefined,
    null: null,
    'a number': 7,
    'an object': {},
    'an empty text': '',
    'white space': ' \t\n ',
    '101 characters': 'a'.repeat(101),
    '101 characters outside the first plane': '🔑'.repeat(101),
    'a NUL character': 'a\u0000b',
    'a line break': 'a\nb',
    'a line separator': 'a\u2028b',
    'an escape character': 'a\u001b[31mb',
    'a C1 control character': 'a\u0085b',
    'the first half of a surrogate pair': 'a\ud83d',
    'the second half of a surrogate pair': '\udd11a',
    ...turningNames(),
    ...invisibleNames(),
  })) {
    it(`is refused with ${what} as the name`, async () => {
      const request = send({ ...valid, name });
      const { body } = await expectRefusal(service, request, 400, 'invalid_request');
      expect(body.errors[0]).toMatchObject({ path: 'name', message: expect.any(String) });
      expect(body.detail).toMatch(/^name: /);
    });
  }

  for (const [what, ownerId] of Object.entries({
    null: null,
    'a number': 1,
    'an id of another kind': `org_${'0'.repeat(26)}`,
    'an id with a character too few': `usr_${'0'.repeat(25)}`,
    'an id in capital letters': `USR_${'0'.repeat(26)}`,
    'an id and a NUL character': `usr_${'0'.repeat(26)}\u0000`,
    'an e-mail address': 'someone@example.com',
  })) {
    it(`is refused with ${what} as the owner`, async () => {
      const request = send({ ...valid, ownerId });
      const { body } = await expectRefusal(service, request, 400, 'invalid_request');
      expect(body.errors).toMatchObject([{ path: 'ownerId' }]);
    });
  }

  for (const field of [
    'id',
    'orgId',
    'secret',
    'state',
    'createdAt',
    'grants',
    'Name',
    'lastUsedAt',
  ]) {
    it(`is refused with the field ${field}, which it names`, async () => {
      const request = send({ ...valid, [field]: 'x' });
      const { body } = await expectRefusal(service, request, 400, 'invalid_request');
      expect(body.detail).toContain(field);
    });
  }

  it('names every field that is wrong at once', async () => {
    const request = send({ name: '', scope: 'all', expiresInDays: 0, allowedIps: ['x'] });
    const { body } = await expectRefusal(service, request, 400, 'invalid_request');
    const paths = (body.errors as { path: string }[]).map(({ path }) => path);
    expect(paths.sort()).toEqual(['allowedIps.0', 'expiresInDays', 'name', 'scope']);
  });

  for (const [what, body] of Object.entries({
    'a list': [],
    'a text': '"a key"',
    'a number': '1',
    null: 'null',
    'an empty object': {},
  })) {
    it(`is refused when its body is ${what}`, async () => {
      await expectRefusal(service, send(body), 400, 'invalid_request');
    });
  }

  it('is refused without a body', async () => {
    await expectRefusal(service, send(undefined), 400, 'invalid_request');
    await expectRefusal(service, send(''), 400, 'invalid_request');
  });

  it('is refused when its body is no JSON', async () => {
    for (const body of ['{', '{"name": "a", }', "{'name': 'a'}"]) {
      await expectRefusal(service, send(body), 400, 'malformed_json');
    }
  });

  it('is refused when its body is of another type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const request = () =>
        org.manager.post(org.path('/keys'), JSON.stringify(valid), { 'content-type': type });
      await expectRefusal(service, request, 415, 'unsupported_media_type');
    }
  });

  it('is refused when its body is larger than 64 KiB', async () => {
    const request = send({ ...valid, name: 'a'.repeat(65 * 1024) });
    await expectRefusal(service, request, 413, 'payload_too_large');
  });

  it('is refused with a key in its URL, which the response does not repeat', async () => {
    const { secret } = await createKey(org.manager, org);
    for (const text of [secret, secret.replace('_', '%5F')]) {
      const request = () => org.manager.post(org.path(`/keys?key=${text}`), valid);
      await expectRefusal(service, request, 400, 'key_in_url');
    }
  });

  it('is refused with a valid key in two headers', async () => {
    const { key } = org.manager;
    const request = () => org.manager.post(org.path('/keys'), valid, { 'x-api-key': key });
    await expectRefusal(service, request, 400, 'ambiguous_credentials');
  });

  it('is served with the key in X-API-Key, too', async () => {
    const { status } = await service.nobody.post(org.path('/keys'), valid, {
      'x-api-key': org.manager.key,
    });
    expect(status).toBe(201);
  });
});
