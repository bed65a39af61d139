import { STATUS_CODES } from 'node:http';
import type { ProblemCode } from '../common/errors.js';
import { exampleOf } from '../common/json-schema.js';
import { nonceHeader, noncePattern } from '../common/nonce.js';
import type { Components, JsonObject } from './components.js';
import type { TextResponse } from './describe.decorator.js';
import { exampleOfProblem, problemsOf, ProblemView } from './problems.js';
import type { Route } from './routes.js';

const header = (description: string, schema: JsonObject, required = true): JsonObject => ({
  description,
  required,
  schema,
});

/** Headers of the responses of several operations. */
export const headers: Record<string, JsonObject> = {
  'X-Request-Id': header('It is in the log and in the audit log.', {
    type: 'string',
    format: 'uuid',
  }),
  'Cache-Control': header('Responses must not be cached.', { const: 'no-store' }),
  'WWW-Authenticate': header('How to authenticate.', { const: 'Bearer realm="keyfence"' }),
  'Retry-After': header('Seconds after which to retry.', { type: 'string', pattern: '^\\d+$' }),
  'Idempotency-Replayed': header(
    'The response is that of an earlier call with this `Idempotency-Key`.',
    { const: 'true' },
    false,
  ),
  [nonceHeader]: header(
    'That of the request, if it has one.',
    { type: 'string', pattern: noncePattern },
    false,
  ),
};

const namesOfAll = ({ operation }: Route) => [
  'X-Request-Id',
  'Cache-Control',
  ...(operation.isTied === true ? [nonceHeader] : []),
];
const byStatus: Readonly<Record<number, string>> = {
  401: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
};

/** The problem says when to retry, though other problems of its status do not. */
const passing: ProblemCode = 'removal_under_way';

/** Statuses of responses to incomplete requests, which have no request id. */
const ofNode = new Set([408, 431]);

const references = (kind: string, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/${kind}/${name}` }]));

function jsonContent(route: Route, components: Components): JsonObject {
  const { response } = route.operation;
  if (response === undefined) return {};
  const example = exampleOf(response);
  return { content: { 'application/json': { schema: components.add(response), example } } };
}

function textContent({ type, example, lines }: TextResponse, components: Components): JsonObject {
  const ofLines = lines && {
    contentMediaType: type,
    contentSchema: components.add(lines),
  };
  return { content: { [type]: { schema: { type: 'string', ...ofLines }, example } } };
}

function success(route: Route, components: Components): JsonObject {
  const { text, headers: own = {} } = route.operation;
  const names = [
    ...namesOfAll(route),
    ...(route.isCreating === true ? ['Idempotency-Replayed'] : []),
  ];
  const described = Object.entries(own).map(([name, description]) => [
    name,
    header(description, { type: 'string' }),
  ]);
  return {
    description: STATUS_CODES[route.status],
    headers: {
      ...references('headers', names),
      ...(Object.fromEntries(described) as JsonObject),
    },
    ...(text ? textContent(text, components) : jsonContent(route, components)),
  };
}

/** A refusal: the problem document, restricted to the codes of this status. */
function refusal(
  route: Route,
  status: number,
  codes: readonly ProblemCode[],
  components: Components,
): JsonObject {
  const own = byStatus[status];
  const all = [...namesOfAll(route), ...(own === undefined ? [] : [own])];
  const names = ofNode.has(status) ? [] : all;
  const narrowed = {
    properties: { status: { const: status }, code: { enum: codes } },
    required: ['status', 'code'],
  };
  return {
    description: STATUS_CODES[status],
    headers: {
      ...references('headers', names),
      ...(codes.includes(passing) && {
        'Retry-After': { ...headers['Retry-After'], required: false },
      }),
    },
    content: {
      'application/problem+json': {
        schema: { allOf: [components.add(ProblemView), narrowed] },
        examples: references('examples', codes),
      },
    },
  };
}

/** All responses of a route, by their status. */
export function responsesOf(route: Route, components: Components): JsonObject {
  return {
    [route.status]: success(route, components),
    ...Object.fromEntries(
      [...problemsOf(route)].map(([status, codes]) => [
        status,
        refusal(route, status, codes, components),
      ]),
    ),
  };
}

/** One example for each of these problems. */
export function problemExamples(codes: readonly ProblemCode[]): JsonObject {
  return Object.fromEntries(
    codes.map((code) => {
      const value = exampleOfProblem(code);
      return [code, { summary: value.title, value }];
    }),
  );
}
