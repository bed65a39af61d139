import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenApiDocument } from '../../../src/openapi/document.js';
import { assertDocumented, documentOf, type Exchange } from '../../support/contract.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

type Change = (exchange: Exchange) => Partial<Exchange>;

/** A change of the JSON of a response. */
const body =
  (change: (json: Record<string, unknown>) => object): Change =>
  (exchange) => ({ body: JSON.stringify(change(JSON.parse(exchange.body))) });

/** A change of the headers of a response. */
const headers =
  (change: (headers: Headers) => void): Change =>
  (exchange) => {
    const changed = new Headers(exchange.headers);
    change(changed);
    return { headers: changed };
  };

describe('the check of responses against the document', () => {
  let service: Service;
  let org: Organisation;
  let document: OpenApiDocument;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    document = await documentOf(service.url);
  });
  afterAll(() => service.stop());

  /** A real response passes; the same with each change does not. */
  async function passesUnlessChanged(
    method: 'GET' | 'POST',
    path: string,
    json: object | undefined,
    changes: Readonly<Record<string, Change>>,
    key?: string,
  ): Promise<void> {
    const who = key === undefined ? org.manager : service.as(key);
    const response = await who.call(method, path, json);
    const { status, text } = response;
    const exchange = { method, path, status, headers: response.headers, body: text };
    expect(() => {
      assertDocumented(document, exchange);
    }).not.toThrow();
    for (const [what, change] of Object.entries(changes)) {
      let error: unknown;
      try {
        assertDocumented(document, { ...exchange, ...change(exchange) });
      } catch (thrown) {
        error = thrown;
      }
      expect({ what, error }).toEqual({ what, error: expect.any(Error) });
    }
  }

  it('fails for a success that is not as described', async () => {
    await passesUnlessChanged(
      'POST',
      org.path('/keys'),
      { name: 'x', scope: 'read' },
      {
        'another status': () => ({ status: 200 }),
        'another path': () => ({ path: org.path('/key') }),
        'another method': () => ({ method: 'PUT' }),
        'a field too many': body((json) => ({ ...json, hash: 'x' })),
        'a field too many inside': body((json) => ({
          ...json,
          key: { ...(json.key as object), hash: 'x' },
        })),
        'a field too few': body((json) => ({ ...json, authSeq: undefined })),
        'a field of another type': body((json) => ({ ...json, authSeq: '1' })),
        'a date of another form': body((json) => ({
          ...json,
          key: { ...(json.key as object), createdAt: 1_700_000_000 },
        })),
        'no body': () => ({ body: '""' }),
        'another content type': headers((all) => {
          all.set('content-type', 'text/html');
        }),
        'no request id': headers((all) => {
          all.delete('x-request-id');
        }),
        'leave to keep it': headers((all) => {
          all.set('cache-control', 'public');
        }),
        'a header of other operations': headers((all) => {
          all.set('x-keyfence-org', org.id);
        }),
      },
    );
  });

  it('fails for a refusal that is not as described', async () => {
    const changes = {
      'a code of another status': body((json) => ({ ...json, code: 'not_found' })),
      'a code of no status': body((json) => ({ ...json, code: 'no_such_code' })),
      'another status in the body': body((json) => ({ ...json, status: 403 })),
      'a field too many': body((json) => ({ ...json, stack: 'at …' })),
      'no way to authenticate': headers((all) => {
        all.delete('www-authenticate');
      }),
      'the content type of a success': headers((all) => {
        all.set('content-type', 'application/json');
      }),
    };
    await passesUnlessChanged('GET', '/v1/whoami', undefined, changes, 'nonsense');
  });

  it('fails for a code that only other operations respond with', async () => {
    const {
      status,
      headers: received,
      text,
    } = await service.operator.post('/v1/orgs', {
      name: 'A',
      slug: org.slug,
    });
    const taken = { method: 'POST', path: '/v1/orgs', status, headers: received, body: text };
    const elsewhere = { ...taken, path: '/v1/users' };
    assertDocumented(document, taken);
    expect(() => {
      assertDocumented(document, elsewhere);
    }).toThrow('slug_taken');
  });

  it('looks at every line of an export', async () => {
    await passesUnlessChanged('GET', org.path('/audit-events/export'), undefined, {
      'a line of something else': ({ body: lines }) => ({ body: `${lines}{"id":"aud_1"}\n` }),
      'a line that is no JSON': ({ body: lines }) => ({ body: `${lines}x\n` }),
    });
  });

  it('takes nothing but problems from a response outside all operations', async () => {
    await passesUnlessChanged('GET', '/v1/nothing', undefined, {
      'a success': () => ({ status: 200 }),
      'a page': () => ({ body: '<html>' }),
      'a status that is not the one in it': () => ({ status: 400 }),
    });
  });
});
