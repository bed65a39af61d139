import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headOf } from '../../support/history.js';
import { expectRefusal } from '../../support/keys.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { sendRaw } from '../../support/raw-http.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('The header Idempotency-Key', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const createKey = (key: string, who: Pick<Service['nobody'], 'post'> = org.manager) =>
    who.post(org.path('/keys'), { name: 'k', scope: 'read' }, { 'idempotency-key': key });

  const raw = (headers: [string, string][]) =>
    sendRaw(service.url, {
      method: 'POST',
      path: org.path('/service-accounts'),
      headers: [
        ['Authorization', `Bearer ${org.manager.key}`],
        ['Content-Type', 'application/json'],
        ['Content-Length', '13'],
        ...headers,
      ],
      body: '{"name":"ci"}',
    });

  for (const [what, values] of Object.entries({
    'an empty value': [''],
    'white space': [' \t '],
    '256 characters': ['k'.repeat(256)],
    'a blank inside': ['a b'],
    'two values in one header': ['a, b'],
    'two headers': ['a', 'b'],
    'two headers of one value': ['a', 'a'],
    'a tab': ['a\tb'],
    'a control character': ['a\u0001b'],
    'characters beyond ASCII': ['clé'],
  })) {
    it(`is refused as ${what}`, async () => {
      const head = await headOf(service.db);
      const response = await raw(values.map((value) => ['Idempotency-Key', value]));
      expect({ status: response.status, code: response.body.code }).toEqual({
        status: 400,
        code: 'invalid_request',
      });
      expect(await headOf(service.db)).toBe(head);
    });
  }

  it('is refused as an API key, and not repeated in the response', async () => {
    const response = await withoutTrace(service, () => createKey(org.manager.key));
    expectProblem(response, 400, 'invalid_request');
    expect(response.text).not.toContain(org.manager.key);
  });

  it('is looked at only behind the guard', async () => {
    const call = () => createKey('', service.nobody);
    await expectRefusal(service, call, 401, 'unauthenticated');
  });

  it('changes nothing for a body that is refused, however deep', async () => {
    const body = `{"name":"k","scope":"read","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const send = () =>
      org.manager.call('POST', org.path('/keys'), body, { 'idempotency-key': 'deep' });
    expectProblem(await withoutTrace(service, send), 400, 'invalid_request');
  });

  it('may have 255 characters, and any that can be seen', async () => {
    for (const key of ['k'.repeat(255), `"';--%00\\{}<>`]) {
      const [first, second] = [await createKey(key), await createKey(key)];
      expect(second.body.key.id).toBe(first.body.key.id);
    }
  });
});
