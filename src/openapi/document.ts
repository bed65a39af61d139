import type { Type } from '@nestjs/common';
import type { z } from 'zod';
import { managementPermissions } from '../auth/permission.js';
import { catalogue, type ProblemCode } from '../common/errors.js';
import { idPattern } from '../common/ids.js';
import { answersOf, headers, problemExamples } from './answers.js';
import { Components, type JsonObject } from './components.js';
import { tags } from './describe.decorator.js';
import { ProblemView } from './problems.js';
import { routesOf, type Method, type Route } from './routes.js';

const description = `
Send an API key as \`Authorization: Bearer …\` or as \`X-API-Key: …\`, never in a URL.

Every refusal is a problem document (RFC 9457): programs look at its \`code\`. What no operation
here answers is answered with one, too: an unknown path with \`not_found\`.

Lists answer \`{items, nextCursor}\`. HEAD is answered wherever GET is.
`.trim();

const idParameter = (prefix: string): JsonObject => ({
  type: 'string',
  pattern: idPattern(prefix),
});

/** What may stand in paths. */
const pathParameters: Readonly<Record<string, JsonObject>> = {
  orgId: { description: 'The organisation.', schema: idParameter('org') },
  userId: { description: 'The user.', schema: idParameter('usr') },
  keyId: { description: 'The API key.', schema: idParameter('key') },
  deliveryId: { description: 'The delivery.', schema: idParameter('dlv') },
  webhookId: { description: 'The webhook.', schema: idParameter('whk') },
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
    'Of your choice. The same call with it, within 24 hours, does nothing more and is answered ' +
    'as the first one was, without its secret.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
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

function queryParameters(query: z.ZodType, components: Components): JsonObject[] {
  const { properties = {}, required = [] } = components.add(query, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description: text, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(text === undefined ? {} : { description: text }),
    schema,
  }));
}

function requestBody(body: z.ZodType, components: Components): JsonObject {
  const [example] = (body.meta()?.examples ?? []) as unknown[];
  if (example === undefined) throw new Error('a body has no example');
  const content = { schema: components.add(body, 'input'), example };
  return { required: true, content: { 'application/json': content } };
}

function accessSentence({ access, path }: Route): string {
  if (access.kind === 'public') return 'Open to everybody.';
  if (access.kind === 'any-key') return 'Needs a good API key.';
  if (access.kind === 'session') return 'For the console, in a session of its own.';
  const { permission } = access;
  const where = path.includes(':orgId') ? ' in the organisation' : '';
  return `Needs the permission \`${permission}\` (${managementPermissions[permission]})${where}.`;
}

/** A route that answers all methods is an operation for each, and needs a name for each. */
function operationId({ operation: { id }, methods, path }: Route, method: Method): string {
  if (methods.length === 1) return id;
  const suffix = `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  return `${id}${path.endsWith('*') ? 'WithPath' : ''}${suffix}`;
}

const keys = [{ bearer: [] }, { apiKey: [] }];
const session = { session: [] };

/** What each kind of route can be called with. */
const security: Record<Route['access']['kind'], JsonObject[]> = {
  public: [],
  'any-key': keys,
  session: [session],
  permission: [...keys, session],
};

function describeRoute(route: Route, components: Components): JsonObject {
  const { operation, access, body, query, isCreating } = route;
  const parameters = [
    ...pathParametersOf(pathOf(route)),
    ...(query ? queryParameters(query, components) : []),
    ...(isCreating ? [idempotencyKey] : []),
  ];
  return {
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, accessSentence(route)]
      .filter((part) => part !== undefined)
      .join('\n\n'),
    security: security[access.kind],
    parameters,
    ...(body && { requestBody: requestBody(body, components) }),
    responses: answersOf(route, components),
  };
}

/** What Keyfence sends by itself, as the body of a POST. */
export interface Message {
  summary: string;
  body: z.ZodType;
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
  const [example] = (body.meta()?.examples ?? []) as unknown[];
  const content = { schema: components.add(body, 'output'), example };
  return {
    tags: ['Webhooks'],
    summary,
    security: [],
    parameters,
    requestBody: { required: true, content: { 'application/json': content } },
    responses: {
      '2XX': { description: 'It was received.' },
      default: { description: 'It is sent again; not after 410.' },
    },
  };
}

/** The parts of the document that programs here look at. */
export interface OpenApiDocument extends JsonObject {
  openapi: string;
  paths: Record<string, Record<string, JsonObject>>;
  components: JsonObject;
}

/**
 * The OpenAPI 3.1 document of these controllers, made of what their decorators and schemas say, and of
 * these messages.
 *
 * @throws Error for a handler that does not describe itself
 */
export function buildDocument(
  controllers: readonly Type[],
  messages: Readonly<Record<string, Message>>,
): OpenApiDocument {
  const components = new Components();
  components.add(ProblemView, 'output');
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routesOf(controllers)) {
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
          description: 'Of the console: only its own pages may use it.',
        },
      },
    },
  };
}
