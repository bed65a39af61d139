import fc, { type Arbitrary } from 'fast-check';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import { malformedIds, missing } from '../support/refusals.js';
import { oddBodies, spoiltBodies } from './bodies.js';
import { contentTypes, headersOf, mostly, type Headers } from './headers.js';
import { knownIn } from './known.js';
import { valuesOf, type Schema, type Values } from './schema.js';
import type { World } from './world.js';

export interface Request {
  /** What it was made for; what its path leads to may be something else. */
  operation: Operation;
  template: string;
  method: string;
  path: string;
  headers: Headers;
  body: string | Buffer | undefined;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
  allowEmptyValue?: boolean;
}

interface Operation {
  operationId: string;
  security: object[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: { 'application/json': { schema: Schema } } };
}

/** Percent-encoded, half surrogate pairs as what they become in UTF-8. */
const encode = (text: string) => encodeURIComponent(Buffer.from(text).toString());

const anyEncoded = fc.string({ unit: 'binary', maxLength: 40 }).map(encode);

function oddSegments({ org, users, keys, foreign }: World): Arbitrary<string> {
  const { org: missingOrg, user, key } = missing;
  return fc.oneof(
    fc.constantFrom(...malformedIds, missingOrg, user, key, ...Object.values(foreign)),
    fc.constantFrom(org.id, ...users, ...keys),
    fc.constantFrom(org.id.toUpperCase(), `${org.id}%00`, `${org.id}%20`, `${org.id};a=b`, 'any'),
    fc.constantFrom('', '.', '..', '%2e%2e', '%', '%zz', '%c0%af', '%ff', '\u00e9', '__proto__'),
    fc.constantFrom(
      '%252e',
      "'%20OR%201=1--",
      'x'.repeat(3_000),
      '*',
      ':orgId',
      '{orgId}',
      '%0d%0a',
    ),
    anyEncoded,
  );
}

const write = (value: unknown) => encode(String(value));

function pathOf(template: string, parameters: Parameter[], world: World, values: Values) {
  const odd = oddSegments(world);
  const parts = template.split(/(\{\w+\})/).map((part): Arbitrary<string> => {
    const found = parameters.find(({ name }) => `{${name}}` === part);
    if (found === undefined) return fc.constant(part);
    return mostly(valuesOf(found.name, found.schema, values).map(write), odd);
  });
  return fc.tuple(...parts).map((all) => all.join(''));
}

const oddQueryValues = fc.oneof(
  fc.constantFrom('', '0', '-1', '101', '1e9', '1.5', 'NaN', '%00', '%zz', '%ff', '%F0%9F%94%91'),
  fc.constantFrom('null', '[]', '%7B%7D', 'x'.repeat(1_500), '2026-02-30', '%ed%a0%80', 'true'),
  anyEncoded,
  fc.base64String({ maxLength: 100 }).map(encode),
  fc
    .jsonValue({ maxDepth: 1 })
    .map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
);

function queryOf(
  parameters: Parameter[],
  { disposable }: World,
  values: Values,
): Arbitrary<string> {
  const pairs = parameters.map(({ name, schema }) => {
    const pair = (value: string) => [`${name}=${value}`];
    const valid = valuesOf(name, schema, values).map((value) => pair(write(value)));
    const odd = oddQueryValues.map(pair);
    const twice = fc.tuple(valid, odd).map(([one, two]) => [...one, ...two]);
    const given = fc.oneof({ weight: 16, arbitrary: valid }, odd, twice);
    return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, given);
  });
  const strange = fc.constantFrom(
    ...['&', '=', 'a', '__proto__=1', 'limit[]=1', 'limit[a]=1', 'a=b;c=d', '%00=1', 'orgId=x'],
    `x=${disposable[0]}`,
    `limit=${'9'.repeat(400)}`,
  );
  const extra = fc.oneof(
    { weight: 24, arbitrary: fc.constant<string[]>([]) },
    strange.map((one) => [one]),
  );
  return fc.tuple(extra, ...pairs).map((all) => {
    const query = all.flat().join('&');
    return query === '' ? '' : `?${query}`;
  });
}

type Content = Pick<Request, 'headers' | 'body'>;
const nothing = fc.constant<Content>({ headers: [], body: undefined });

function contentOf(method: string, { requestBody }: Operation, values: Values): Arbitrary<Content> {
  const typed = (bodies: Arbitrary<string | Buffer>) =>
    fc.record({ headers: contentTypes, body: bodies });
  if (requestBody === undefined)
    return method === 'get' ? nothing : mostly(nothing, typed(oddBodies));
  const valid = valuesOf('', requestBody.content['application/json'].schema, values);
  return fc.oneof(
    { weight: 13, arbitrary: typed(valid.map((value) => JSON.stringify(value))) },
    { weight: 6, arbitrary: typed(spoiltBodies(valid)) },
    { weight: 1, arbitrary: nothing },
  );
}

const isForConsole = ({ operationId, security }: Operation) =>
  operationId === 'signIn' || (security.length === 1 && 'session' in (security[0] ?? {}));

/** Requests for one operation of the document, most of which can succeed. */
function requestsFor(
  template: string,
  method: string,
  operation: Operation,
  world: World,
  values: Values,
): Arbitrary<Request> {
  const { parameters = [] } = operation;
  const placed = (place: string) => parameters.filter((one) => one.in === place);
  const path = pathOf(template, placed('path'), world, values);
  const readsOperators = path.map((one) => one.replace(world.org.id, world.operatorOrg));
  // Node does not say whose headers were too large, so the refusal of a HEAD has a body as well:
  // the client of this test takes that for an error.
  const isSafe = ([name]: Headers[number]) => method !== 'head' || name !== 'X-Large';
  const isCreation = parameters.some(({ name }) => name === 'Idempotency-Key');
  return fc
    .record({
      path: method === 'get' ? mostly(path, readsOperators) : path,
      query: queryOf(placed('query'), world, values),
      headers: headersOf(world, isCreation, isForConsole(operation)),
      content: contentOf(method, operation, values),
    })
    .map(({ path: pathname, query, headers, content }) => ({
      operation,
      template,
      method: method.toUpperCase(),
      path: pathname + query,
      headers: [...headers.filter(isSafe), ...content.headers],
      body: content.body,
    }));
}

/** Ids of all operations of the document. */
export const operationIds = ({ paths }: OpenApiDocument): string[] =>
  Object.values(paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId as string),
  );

/** What ends keys, so that most requests behind it would be refused for that alone. */
const harmful = [
  'suspendOrg',
  'deactivateUser',
  'removeMember',
  'revokeKey',
  'reportKey',
  'signOut',
  'signOutEverywhere',
  'endSession',
];

/** How often requests for an operation are drawn, compared with others. */
function weightOf({ operationId, security }: Operation): number {
  // Of these there is one for each method.
  if (harmful.includes(operationId) || operationId.startsWith('forwardAuth')) return 1;
  return security.length === 0 ? 2 : 5;
}

/** Requests for all operations of the document. */
export function requestsIn(document: OpenApiDocument, world: World): Arbitrary<Request> {
  const schemas = document.components.schemas as Record<string, Schema>;
  const values = { schemas, known: knownIn(world) };
  const operations = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item as unknown as Record<string, Operation>).map(([method, operation]) => ({
      weight: weightOf(operation),
      arbitrary: requestsFor(template, method, operation, world, values),
    })),
  );
  return fc.oneof(...operations);
}
