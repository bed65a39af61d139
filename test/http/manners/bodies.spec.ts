import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { headOf } from '../../support/history.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { sendRaw } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';

describe('the body of a request', () => {
  let service: Service;
  let org: Organisation;
  let head: number;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    head = await headOf(service.db);
  });
  after(() => service.stop());

  /** Sends a body that must be refused, and change nothing. */
  async function refused(
    body: string,
    status: number,
    code: string,
    contentType = 'application/json',
  ): Promise<void> {
    const answer = await org.manager.post(org.path('/keys'), body, {
      'content-type': contentType,
    });
    expect({ body: body.slice(0, 50), status: answer.status, code: answer.body?.code }).toEqual({
      body: body.slice(0, 50),
      status,
      code,
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await headOf(service.db)).toBe(head);
  }

  it('may be 64 KiB large, and not a byte more', async () => {
    const ofSize = (size: number) => `{"name":"${'x'.repeat(size - 11)}"}`;
    expect(ofSize(65_536)).toHaveLength(65_536);
    await refused(ofSize(65_536), 400, 'invalid_request');
    await refused(ofSize(65_537), 413, 'payload_too_large');
    await refused(ofSize(500_000), 413, 'payload_too_large');
  });

  it('is refused for its size before a key is looked at, also in chunks', async () => {
    const answer = await sendRaw(service.url, {
      method: 'POST',
      path: '/v1/verify',
      headers: [
        ['Content-Type', 'application/json'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: `12000\r\n${'x'.repeat(0x12000)}\r\n0\r\n\r\n`,
    });
    expect(answer.status).toBe(413);
    expect(answer.body.code).toBe('payload_too_large');
  });

  it('must be JSON: 415 for any other type', async () => {
    const types = [
      'text/plain',
      'text/plain; charset=utf-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/json-patch+json',
      'application/jsonx',
      'text/json',
      '*/*',
      'nonsense',
    ];
    for (const type of types) {
      await refused('{"name":"x","scope":"read"}', 415, 'unsupported_media_type', type);
      await refused('name=x&scope=read', 415, 'unsupported_media_type', type);
    }
  });

  it('needs its type: 415 for JSON without one', async () => {
    const body = '{"name":"x","scope":"read"}';
    const answer = await sendRaw(service.url, {
      method: 'POST',
      path: org.path('/keys'),
      headers: [
        ['X-API-Key', org.manager.key],
        ['Content-Length', String(body.length)],
      ],
      body,
    });
    expect(answer.status).toBe(415);
    expect(answer.body.code).toBe('unsupported_media_type');
    expect(await headOf(service.db)).toBe(head);
  });

  it('may name its type with parameters and in any letter case', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON']) {
      const { status } = await org.manager.post('/v1/verify', '{"key":"x"}', {
        'content-type': type,
      });
      expect({ type, status }).toEqual({ type, status: 200 });
    }
  });

  it('is refused with 400 when it is no JSON', async () => {
    const broken = [
      '{',
      '{"name":"x"',
      "{'name':'x'}",
      '{"name":"x",}',
      'name=x',
      'undefined',
      'NaN',
      '{"name":"x"} {}',
      '{"name":"\u0001"}',
      ' ',
      '\0',
    ];
    for (const body of broken) await refused(body, 400, 'malformed_json');
  });

  it('is refused with 400 when it reaches for a prototype', async () => {
    const poison = [
      '{"__proto__":{"scope":"admin"},"name":"x"}',
      '{"name":"x","scope":"read","__proto__":null}',
      '{"\\u005f_proto__":{"scope":"admin"},"name":"x"}',
      '{"name":"x","deep":{"__proto__":{}}}',
      '{"name":"x","constructor":{"prototype":{"scope":"admin"}}}',
    ];
    for (const body of poison) await refused(body, 400, 'malformed_json');
    for (const name of ['constructor', 'prototype']) {
      await refused(`{"name":"x","scope":"read","${name}":1}`, 400, 'invalid_request');
    }
    expect(({} as { scope?: string }).scope).toBeUndefined();
  });

  it('is refused with 400 when it is JSON of another kind, however deep', async () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const deepObject = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
    for (const body of ['[]', '"x"', '5', 'null', 'true', deep, deepObject]) {
      await refused(body, 400, 'invalid_request');
    }
  });

  it('is refused with 400 when there is none where one is needed', async () => {
    for (const contentType of [undefined, 'application/json']) {
      const answer = await org.manager.call(
        'POST',
        org.path('/keys'),
        undefined,
        contentType === undefined ? {} : { 'content-type': contentType },
      );
      expect(answer.status).toBe(400);
      expect(await headOf(service.db)).toBe(head);
    }
  });

  it('that names very many unknown fields gets an answer of moderate size', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, 1]));
    const answer = await org.manager.post(org.path('/keys'), fields);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('invalid_request');
    expect(answer.text.length).toBeLessThan(10_000);
  });

  it('that holds a key where none belongs is refused without repeating it', async () => {
    for (const body of [
      { [org.member.key]: 1 },
      { name: 'x', scope: org.member.key },
      { name: 'x', scope: 'read', permissions: [org.member.key] },
      { name: 'x', scope: 'read', allowedIps: [org.member.key] },
    ]) {
      const answer = await org.manager.post(org.path('/keys'), body);
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain(org.member.key);
    }
    expect(await headOf(service.db)).toBe(head);
  });
});
