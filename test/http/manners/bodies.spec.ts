import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headOf } from '../../support/history.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { sendRaw } from '../../support/raw-http.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('the body of a request', () => {
  let service: Service;
  let org: Organisation;
  let head: number;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    head = await headOf(service.db);
  });
  afterAll(() => service.stop());

  /** Sends a body that must be refused, and change nothing. */
  async function refused(
    body: string,
    status: number,
    code: string,
    contentType = 'application/json',
  ): Promise<void> {
    const response = await org.manager.post(org.path('/keys'), body, {
      'content-type': contentType,
    });
    expect({ body: body.slice(0, 50), status: response.status, code: response.body?.code }).toEqual(
      {
        body: body.slice(0, 50),
        status,
        code,
      },
    );
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await headOf(service.db)).toBe(head);
  }

  /** A request that would create a key with this body. */
  const creation = (body: Buffer, ...more: [name: string, value: string][]) => ({
    method: 'POST',
    path: org.path('/keys'),
    headers: [
      ['X-API-Key', org.manager.key],
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body.length)],
      ...more,
    ] as [name: string, value: string][],
  });

  it('may be 64 KiB large, and not a byte more', async () => {
    const ofSize = (size: number) => `{"name":"${'x'.repeat(size - 11)}"}`;
    expect(ofSize(65_536)).toHaveLength(65_536);
    await refused(ofSize(65_536), 400, 'invalid_request');
    await refused(ofSize(65_537), 413, 'payload_too_large');
    await refused(ofSize(500_000), 413, 'payload_too_large');
  });

  it('is refused for its size before a key is looked at, also in chunks', async () => {
    const response = await sendRaw(service.url, {
      method: 'POST',
      path: '/v1/verify',
      headers: [
        ['Content-Type', 'application/json'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: `12000\r\n${'x'.repeat(0x12000)}\r\n0\r\n\r\n`,
    });
    expect(response.status).toBe(413);
    expect(response.body.code).toBe('payload_too_large');
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

  it('may be missing with any type where none is needed', async () => {
    const path = org.path('/keys');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense', '*/*']) {
      const { id } = await createKey(org.manager, org);
      const revoked = await org.manager.call('DELETE', `${path}/${id}`, undefined, {
        'content-type': type,
      });
      expect({ type, status: revoked.status }).toEqual({ type, status: 200 });
      const resumed = await service.operator.post(org.path('/resume'), '', {
        'content-type': type,
      });
      expect({ type, status: resumed.status }).toEqual({ type, status: 200 });
      head = await headOf(service.db);
      await refused('', 400, 'invalid_request', type);
    }
  });

  it('needs its type: 415 for JSON without one', async () => {
    const body = '{"name":"x","scope":"read"}';
    const response = await sendRaw(service.url, {
      method: 'POST',
      path: org.path('/keys'),
      headers: [
        ['X-API-Key', org.manager.key],
        ['Content-Length', String(body.length)],
      ],
      body,
    });
    expect(response.status).toBe(415);
    expect(response.body.code).toBe('unsupported_media_type');
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

  it('is refused with 400 when it is no UTF-8', async () => {
    const ofName = (...bytes: number[]) =>
      Buffer.concat([
        Buffer.from('{"scope":"read","name":"'),
        Buffer.from(bytes),
        Buffer.from('"}'),
      ]);
    const bodies = [
      ofName(0xff),
      ofName(0xc3),
      ofName(0xc0, 0xaf),
      ofName(0xed, 0xa0, 0x80),
      ofName(0xf4, 0x90, 0x80, 0x80),
      Buffer.from('Zo\u00eb', 'latin1'),
    ];
    for (const body of bodies) {
      const response = await sendRaw(service.url, { ...creation(body), body });
      expect(response.status).toBe(400);
      expect(response.body).toMatchObject({
        code: 'invalid_request',
        detail: 'The body is not UTF-8.',
      });
      expect(await headOf(service.db)).toBe(head);
    }
  });

  it('is refused with 415 when it is compressed', async () => {
    const plain = Buffer.from('{"scope":"read","name":"compressed"}');
    for (const [encoding, body] of [
      ['gzip', gzipSync(plain)],
      ['BR', brotliCompressSync(plain)],
      ['deflate', plain],
      ['identity, gzip', gzipSync(plain)],
      ['nonsense', plain],
    ] as const) {
      const { status, body: problem } = await sendRaw(service.url, {
        ...creation(body, ['Content-Encoding', encoding]),
        body,
      });
      expect({ encoding, status }).toEqual({ encoding, status: 415 });
      expect(problem).toMatchObject({
        code: 'unsupported_media_type',
        detail: 'The body must not be compressed: send it without Content-Encoding.',
      });
      expect(await headOf(service.db)).toBe(head);
    }
    for (const encoding of ['identity', 'Identity ', '']) {
      const response = await org.manager.post(
        '/v1/verify',
        { key: 'x' },
        {
          'content-encoding': encoding,
        },
      );
      expect({ encoding, status: response.status }).toEqual({ encoding, status: 200 });
    }
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
      const response = await org.manager.call(
        'POST',
        org.path('/keys'),
        undefined,
        contentType === undefined ? {} : { 'content-type': contentType },
      );
      expect(response.status).toBe(400);
      expect(await headOf(service.db)).toBe(head);
    }
  });

  it('that names very many unknown fields gets a response of moderate size', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, 1]));
    const response = await org.manager.post(org.path('/keys'), fields);
    expect(response.status).toBe(400);
    expect(response.body.code).toBe('invalid_request');
    expect(response.text.length).toBeLessThan(10_000);
  });

  it('that holds a key where none belongs is refused without repeating it', async () => {
    for (const body of [
      { [org.member.key]: 1 },
      { name: 'x', scope: org.member.key },
      { name: 'x', scope: 'read', permissions: [org.member.key] },
      { name: 'x', scope: 'read', allowedIps: [org.member.key] },
    ]) {
      const response = await org.manager.post(org.path('/keys'), body);
      expect(response.status).toBe(400);
      expect(response.text).not.toContain(org.member.key);
    }
    expect(await headOf(service.db)).toBe(head);
  });
});
