import { catalogue, type ProblemCode } from '../common/errors.js';
import { idPattern } from '../common/ids.js';
import { exampleOf, type Shape } from '../common/json-schema.js';
import { nonceHeader, noncePattern } from '../common/nonce.js';
import { mayBeEmpty } from '../common/page.js';
import { managementPermissions } from '../permissions/permission.js';
import { responsesOf, headers, problemExamples } from './responses.js';
import { Components, type JsonObject } from './components.js';
import { tags } from './describe.decorator.js';
import { ProblemView } from './problems.js';
import type { Method, Route } from './routes.js';

const description = `
Send an API key as \`Authorization: Bearer …\` or as \`X-API-Key: …\`, never in a URL.

Every refusal is a problem document (RFC 9457): programs read its \`code\`. Paths without an
operation respond with one, too: \`not_found\`. Other methods of a path that has operations are
\`method_not_allowed\`, with \`Allow\`.

Lists respond with \`{items, nextCursor}\`. HEAD works wherever GET does.
`.trim();

const idParameter = (prefix: string): JsonObject => ({
  type: 'string',
  pattern: idPattern(prefix),
});

/** Parameters of paths. */
const pathParameters: Readonly<Record<string, JsonObject>> = {
  orgId: { description: 'The organisation.', schema: idParameter('org') },
  userId: { description: 'The user.', schema: idParameter('usr') },
  keyId: { description: 'The API key.', schema: idParameter('key') },
  deliveryId: { description: 'The delivery.', schema: idParameter('dlv') },
  webhookId: { description: 'The webhook.', schema: idParameter('whk') },
  sessionId: { description: 'The session.', schema: idParameter('ses') },
  identityId: { description: 'The account at an identity provider.', schema: idParameter('idn') },
  jobKind: { description: 'The kind of job.', schema: { type: 'string' }, example: 'usage' },
  jobId: { description: 'The job.', schema: { type: 'string' } },
  permission: {
    description: 'The permission that the key must hold, or `any` for none.',
    schema: { type: 'string' },
    example: 'telemetry:read',
  },
  file: { description: 'A file that the page is made of.', schema: { type: 'string' } },
  path: {
    description: "The path of the client's request, with its slashes. It makes no difference.",
    schema: { type: 'string' },
    example: 'v2/telemetry',
  },
};

const idempotencyKey: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Of your choice. The same call with it, within 24 hours, changes nothing and returns the response ' +
    'of the first one, without its secret.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const nonce: JsonObject = {
  name: nonceHeader,
  in: 'header',
  description:
    'A random value, a new one each time. The response returns it, so that it cannot be taken for that of ' +
    'another request on the same connection. A value of another form is ignored.',
  schema: { type: 'string', pattern: noncePattern },
};

/** The path as OpenAPI writes it, where every parameter has a name. */
const pathOf = ({ path }: Route) =>
  `/${path.replace('*', ':path').replaceAll(/:(\w+)/g, (_, name: string) => `{${name}}`)}`;

function pathParametersOf(path: string): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const parameter = pathParameters[name];
    if (parameter === undefined) throw new Error(`nothing describes the parameter ${name}`);
    return { name, in: 'path', required: true, ...parameter };
  });
}

function queryParameters(query: Shape, components: Components): JsonObject[] {
  const { properties = {}, required = [] } = components.add(query) as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description: text, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(mayBeEmpty.has(name) && { allowEmptyValue: true }),
    ...(text === undefined ? {} : { description: text }),
    schema,
  }));
}

function requestBody(body: Shape, required: boolean, components: Components): JsonObject {
  const content = { schema: components.add(body), example: exampleOf(body) };
  return { required, content: { 'application/json': content } };
}

function accessSentence({ access, path }: Route): string {
  if (access.kind === 'public') return 'Open to everybody.';
  if (access.kind === 'any-key') return 'Needs a valid API key.';
  if (access.kind === 'session') return 'For the console, with its session.';
  const { permission } = access;
  const where = path.includes(':orgId') ? ' in the organisation' : '';
  return `Needs the permission \`${permission}\` (${managementPermissions[permission]})${where}.`;
}

/** A route for all methods is one operation for each, and needs a name for each. */
function operationId({ operation: { id }, methods, path }: Route, method: Method): string {
  if (methods.length === 1) return id;
  const suffix = `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  return `${id}${path.endsWith('*') ? 'WithPath' : ''}${suffix}`;
}

const keys = [{ bearer: [] }, { apiKey: [] }];
const session = { session: [] };

/** The credentials for each kind of route. */
const security: Record<Route['access']['kind'], JsonObject[]> = {
  public: [],
  'any-key': keys,
  session: [session],
  permission: [...keys, session],
};

function describeRoute(route: Route, components: Components): JsonObject {
  const { operation, access, body, isBodyOptional, query, isCreating } = route;
  const parameters = [
    ...pathParametersOf(pathOf(route)),
    ...(query ? queryParameters(query, components) : []),
    ...(isCreating === true ? [idempotencyKey] : []),
    ...(operation.isTied === true ? [nonce] : []),
  ];
  return {
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, accessSentence(route)]
      .filter((part) => part !== undefined)
      .join('\n\n'),
    security: security[access.kind],
    parameters,
    ...(body && { requestBody: requestBody(body, isBodyOptional !== true, components) }),
    responses: responsesOf(route, components),
  };
}

/** A message that Keyfence sends, as the body of a POST. */
export interface Message {
  summary: string;
  body: Shape;
  headers: Readonly<Record<string, string>>;
}

function describeMessage(
  { summary, body, headers: own }: Message,
  components: Components,
): JsonObject {
  const parameters = Object.entries(own).map(([name, about]) => ({
    name,
    in: 'header',
    required: true,
    description: about,
    schema: { type: 'string' },
  }));
  const content = { schema: components.add(body), example: exampleOf(body) };
  return {
    tags: ['Webhooks'],
    summary,
    security: [],
    parameters,
    requestBody: { required: true, content: { 'application/json': content } },
    responses: {
      '2XX': { description: 'It was received.' },
      default: { description: 'It is sent again, except after 410.' },
    },
  };
}

/** The parts of the document that our own code reads. */
export interface OpenApiDocument extends JsonObject {
  openapi: string;
  paths: Record<string, Record<string, JsonObject>>;
  components: JsonObject;
}

/** The OpenAPI 3.1 document of these routes and messages. */
export function buildDocument(
  routes: readonly Route[],
  messages: Readonly<Record<string, Message>>,
): OpenApiDocument {
  const components = new Components();
  components.add(ProblemView);
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    const item = (paths[pathOf(route)] ??= {});
    const described = describeRoute(route, components);
    for (const method of route.methods) {
      item[method] = { operationId: operationId(route, method), ...described };
    }
  }
  const webhooks = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [
      name,
      { post: describeMessage(message, components) },
    ]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Keyfence',
      version: '1',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, about]) => ({ name, description: about })),
    paths,
    webhooks,
    components: {
      schemas: components.schemas,
      headers,
      examples: problemExamples(Object.keys(catalogue) as ProblemCode[]),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-keyfence',
          description: "The console's session: only its own pages may use it.",
        },
      },
    },
  };
}
