import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { catalogue } from '../../../src/common/errors.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';
import { collectRoutes } from '../../support/routes.js';
import { startService, type Service } from '../../support/service.js';

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { $ref: string }>;
}

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  security: unknown[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { headers: object; content?: Record<string, Media> }>;
}

const creating = [
  'createKey',
  'createOrg',
  'createUser',
  'addMember',
  'addServiceAccount',
  'createWebhook',
  'rotateWebhookSecret',
];

describe('GET /openapi.json', () => {
  const routes = new Set<string>();
  let service: Service;
  let document: OpenApiDocument;
  let operations: { name: string; operation: Operation }[];

  beforeAll(async () => {
    service = await startService({
      beforeRoutes: (app) => {
        collectRoutes(app, routes);
      },
    });
    const response = await service.nobody.get('/openapi.json');
    document = response.body;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation: operation as unknown as Operation,
      })),
    );
  });
  afterAll(() => service.stop());

  const mediaOf = ({ requestBody, responses }: Operation): Media[] =>
    [requestBody, ...Object.values(responses)].flatMap((each) =>
      Object.values(each?.content ?? {}),
    );

  it('is a valid OpenAPI 3.1 document', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    // The validator resolves references in the object itself.
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toEqual({ valid: true });
  });

  it('has an operation for every route of the router, and no other', () => {
    const methods = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'];
    const isNamed = (route: string) =>
      methods.includes(route.split(' ')[0] ?? '') &&
      // HEAD comes with GET, except where all methods get the same response.
      (!route.startsWith('HEAD') || route.includes('/v1/forward-auth/'));
    const registered = [...routes]
      .filter(isNamed)
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}'));
    expect(operations.map(({ name }) => name).sort()).toEqual(registered.sort());
  });

  it('gives every operation a name of its own, a group and a summary', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    const groups = (document.tags as { name: string }[]).map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(groups).toEqual(expect.arrayContaining(operation.tags));
      expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('says which operations need a key, and that exactly those respond with 401', () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0);
    expect(open.map(({ name }) => name).sort()).toEqual([
      'GET /docs',
      'GET /docs/{file}',
      'GET /livez',
      'GET /metrics',
      'GET /openapi.json',
      'GET /readyz',
      'GET /v1/installation/appearance',
      'GET /v1/sign-in',
      'POST /v1/revoke',
      'POST /v1/session',
      'POST /v1/session/provider',
      'POST /v1/sign-in-links',
      'POST /v1/sign-in/provider',
    ]);
    for (const { name, operation } of operations) {
      const has401 = operation.responses['401'] !== undefined;
      expect({ name, has401 }).toEqual({ name, has401: operation.security.length > 0 });
    }
  });

  it('names every problem of the catalogue, but those that come from no operation', () => {
    const named = new Set(
      operations.flatMap(({ operation }) =>
        mediaOf(operation).flatMap(({ examples }) => Object.keys(examples ?? {})),
      ),
    );
    const missing = Object.keys(catalogue).filter((code) => !named.has(code));
    expect(missing).toEqual(['method_not_allowed', 'uri_too_long']);
  });

  it('offers Idempotency-Key and announces replays exactly where something is created', () => {
    const withKey = operations.filter(({ operation }) =>
      operation.parameters.some(({ name }) => name === 'Idempotency-Key'),
    );
    expect(withKey.map(({ operation }) => operation.operationId).sort()).toEqual(creating.sort());
    const announcing = operations.filter(({ operation }) =>
      Object.values(operation.responses).some(({ headers }) => 'Idempotency-Replayed' in headers),
    );
    expect(announcing).toEqual(withKey);
  });

  it('offers X-Keyfence-Nonce where it comes back, with refusals as well', () => {
    const tied = operations.filter(({ operation }) =>
      operation.parameters.some(({ name }) => name === 'X-Keyfence-Nonce'),
    );
    expect(tied.map(({ operation }) => operation.operationId).sort()).toEqual([
      'verifyKey',
      'verifyKeys',
      'whoami',
    ]);
    for (const { name, operation } of operations) {
      const giving = Object.entries(operation.responses).flatMap(([status, { headers }]) =>
        'X-Keyfence-Nonce' in headers ? [status] : [],
      );
      // Node itself responds to what is no whole request.
      const all = Object.keys(operation.responses).filter((each) => !['408', '431'].includes(each));
      const isTied = tied.some((each) => each.operation === operation);
      expect({ name, giving }).toEqual({ name, giving: isTied ? all : [] });
    }
  });

  it('names every parameter of a path', () => {
    for (const { name, operation } of operations) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const named = operation.parameters.filter((each) => each.in === 'path');
      expect({ name, named: named.map((each) => each.name) }).toEqual({ name, named: inPath });
    }
  });

  it('has an example for every body, and each fits its schema', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const { examples } = document.components as { examples: Record<string, { value: unknown }> };
    const { schemas } = document.components;
    let count = 0;
    for (const { name, operation } of operations) {
      for (const media of mediaOf(operation)) {
        const given =
          media.examples === undefined
            ? [media.example]
            : Object.keys(media.examples).map((code) => examples[code]?.value);
        // References lead from the root of a schema, as they do in the document.
        const isValid = ajv.compile({ ...media.schema, components: { schemas } });
        for (const example of given) {
          expect({ name, example, isValid: isValid(example), errors: isValid.errors }).toEqual({
            name,
            example: expect.anything(),
            isValid: true,
            errors: null,
          });
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(200);
  });

  it('is the same each time', async () => {
    const second = await service.nobody.get('/openapi.json');
    expect(second.body).toEqual(document);
    expect(second.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
