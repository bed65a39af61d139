import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hold, untilWaiting } from '../../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { exchange, openSocket, sendRequests, type RawResponse } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';

const verifyBody = '{"key":"x"}';
const asChunks = `b\r\n${verifyBody}\r\n0\r\n\r\n`;

/** The codes of problems, and of other responses the status. */
const outcomes = (responses: RawResponse[]) =>
  responses.map(({ status, body }) =>
    status < 400 ? status : `${status} ${String(body?.code ?? 'no problem document')}`,
  );

describe('where a request ends', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    const faults = service.log.filter((line) => line.includes('"level":50'));
    await service.stop();
    expect(faults).toEqual([]);
  });

  const whoami = (...headers: string[]) =>
    `GET /v1/whoami HTTP/1.1\r\n${['Host: x', `X-API-Key: ${org.manager.key}`, ...headers].join('\r\n')}\r\n\r\n`;
  const post = (path: string, headers: string[], body: string) =>
    `POST ${path} HTTP/1.1\r\n${['Host: x', `X-API-Key: ${org.manager.key}`, 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`;
  const verify = (headers: string[], body: string) => post('/v1/verify', headers, body);
  const last = 'Connection: close';

  /** What would be taken for a request of its own by anyone who reads another length. */
  const hidden = () =>
    `DELETE ${org.path(`/members/${org.member.userId}`)} HTTP/1.1\r\nHost: x\r\n`;

  const disputed: Record<string, [headers: string[], body: string]> = {
    'a negative length': [['Content-Length: -1'], ''],
    'a length with a sign': [['Content-Length: +11'], verifyBody],
    'a hexadecimal length': [['Content-Length: 0xb'], verifyBody],
    'a length that no number can hold': [[`Content-Length: ${'9'.repeat(30)}`], ''],
    'two lengths in one header': [['Content-Length: 11, 11'], verifyBody],
    'the same length twice': [['Content-Length: 11', 'Content-Length: 11'], verifyBody],
    'chunks before a length': [['Transfer-Encoding: chunked', 'Content-Length: 11'], asChunks],
    'chunks that are not the last coding': [['Transfer-Encoding: chunked, identity'], asChunks],
    'a coding that nobody knows': [['Transfer-Encoding: xchunked'], asChunks],
    'a length and no coding': [['Transfer-Encoding: identity', 'Content-Length: 11'], verifyBody],
    'chunks announced twice': [
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
      asChunks,
    ],
    'a space behind the name': [['Transfer-Encoding : chunked'], asChunks],
    'a chunk whose length is no number': [['Transfer-Encoding: chunked'], 'zz\r\nx\r\n0\r\n\r\n'],
    'a chunk of negative length': [['Transfer-Encoding: chunked'], '-b\r\nx\r\n0\r\n\r\n'],
    'a chunk of endless length': [['Transfer-Encoding: chunked'], `${'f'.repeat(17)}\r\nx`],
    'a chunk that is longer than it says': [
      ['Transfer-Encoding: chunked'],
      `5\r\n${verifyBody}\r\n0\r\n\r\n`,
    ],
    'a length behind the chunks': [
      ['Transfer-Encoding: chunked'],
      `b\r\n${verifyBody}\r\n0\r\nContent-Length: 500\r\n\r\n`,
    ],
    'chunks that end in bare LFs': [['Transfer-Encoding: chunked'], `b\n${verifyBody}\n0\n\n`],
  };
  for (const [what, [headers, body]] of Object.entries(disputed)) {
    it(`is not guessed, and nothing behind it is looked at: ${what}`, async () => {
      const responses = await sendRequests(service.url, verify(headers, body) + whoami(last));
      expect(outcomes(responses)).toEqual(['400 invalid_request']);
      expect(responses[0]?.text).not.toMatch(/HPE_|FST_|\bat .+:\d+|node_modules/);
    });
  }

  it('is refused where the body that is announced is too large, before it comes', async () => {
    const headers = ['Content-Length: 99999999999', last];
    const responses = await sendRequests(service.url, verify(headers, ''));
    expect(outcomes(responses)).toEqual(['413 payload_too_large']);
  });

  it('is where the chunks end; trailers add nothing to it', async () => {
    for (const trailer of ['', 'X-API-Key: other\r\n', 'X-A: b\r\nHost: y\r\n']) {
      const body = `b;a=b\r\n${verifyBody}\r\n0\r\n${trailer}\r\n`;
      const bytes = verify(['Transfer-Encoding:\tchunked'], body) + whoami(last);
      expect(outcomes(await sendRequests(service.url, bytes))).toEqual([200, 200]);
    }
  });

  it('is where the length says: what looks like a request in a body is none', async () => {
    const body = `${hidden()}X-API-Key: ${org.manager.key}\r\n\r\n`;
    const get = whoami(`Content-Length: ${body.length}`) + body + whoami(last);
    expect(outcomes(await sendRequests(service.url, get))).toEqual([200, 200]);
    const bad = verify([`Content-Length: ${body.length}`], body) + whoami(last);
    expect(outcomes(await sendRequests(service.url, bad))).toEqual(['400 malformed_json']);
    expect((await org.member.get('/v1/whoami')).status).toBe(200);
  });

  it('is of no weight to headers: a key of one request is none of the next', async () => {
    const bare = `GET /v1/whoami HTTP/1.1\r\nHost: x\r\n${last}\r\n\r\n`;
    const responses = await sendRequests(service.url, whoami() + bare);
    expect(outcomes(responses)).toEqual([200, '401 unauthenticated']);
  });

  it('separates a valid request from an invalid one behind it, which alone is refused', async () => {
    for (const bad of ['GARBAGE\r\n\r\n', 'GET / HTTP/1.1\r\nno colon\r\n\r\n', '\0']) {
      const responses = await sendRequests(service.url, whoami() + whoami() + bad + whoami());
      expect(outcomes(responses)).toEqual([200, 200, '400 invalid_request']);
      const chunked = verify(['Transfer-Encoding: chunked'], asChunks);
      const behind = await sendRequests(service.url, chunked + bad);
      expect(outcomes(behind)).toEqual([200, '400 invalid_request']);
    }
  });

  it('a change gets the response that it should, although garbage follows while it is made', async () => {
    const key = await createKey(org.manager, org);
    await using holder = await hold(service.db, 'SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [
      key.id,
    ]);
    const path = org.path(`/keys/${key.id}`);
    const change = `DELETE ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${org.manager.key}\r\n\r\n`;
    const responses = sendRequests(service.url, `${change}GARBAGE\r\n\r\nGARBAGE\r\n\r\n`);
    await untilWaiting(service.db);
    await holder.rollback();
    expect(outcomes(await responses)).toEqual([200, '400 invalid_request']);
    expect((await service.as(key.secret).get('/v1/whoami')).status).toBe(401);
  });

  it('is not waited for once the client has gone, which is no fault of the service', async () => {
    const socket = await openSocket(service.url);
    const gone = exchange(socket, verify(['Content-Length: 11'], '{"ke'));
    socket.end();
    const text = await gone;
    expect(text === '' || text.startsWith('HTTP/1.1 400 ')).toBe(true);
  });

  it('a second header of one name never hides, however many are between', async () => {
    const many = Array<string>(2_500).fill('a:');
    const key = `X-API-Key: ${org.manager.key}`;
    const twice = await sendRequests(service.url, whoami(...many, key, last));
    expect(outcomes(twice)).toEqual(['400 ambiguous_credentials']);
    const proxied = await startService({ settings: { trustedProxies: ['127.0.0.1/32'] } });
    try {
      const other = await createOrganisation(proxied);
      const { secret } = await createKey(other.member, other, { allowedIps: ['10.0.0.1'] });
      const claimed = ['X-Forwarded-For: 10.0.0.1', `X-API-Key: ${secret}`, ...many];
      const ask = (...headers: string[]) =>
        sendRequests(
          proxied.url,
          `GET /v1/whoami HTTP/1.1\r\n${['Host: x', ...claimed, ...headers, last].join('\r\n')}\r\n\r\n`,
        );
      expect(outcomes(await ask())).toEqual([200]);
      const forwarded = await ask('X-Forwarded-For: 192.0.2.1');
      expect(outcomes(forwarded)).toEqual(['403 ip_not_allowed']);
    } finally {
      await proxied.stop();
    }
  });

  const odd: Record<string, string[]> = {
    'two content types': ['Content-Type: text/plain', last],
    'an upgrade to HTTP/2': ['Upgrade: h2c', 'Connection: Upgrade, close'],
    'an expectation': ['Expect: 100-continue', last],
  };
  for (const [what, headers] of Object.entries(odd)) {
    it(`does not change with ${what}`, async () => {
      const bytes = verify(['Content-Length: 11', ...headers], verifyBody);
      expect(outcomes(await sendRequests(service.url, bytes))).toEqual([200]);
    });
  }
});
