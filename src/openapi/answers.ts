import { STATUS_CODES } from 'node:http';
import type { ProblemCode } from '../common/errors.js';
import type { Components, JsonObject } from './components.js';
import type { TextAnswer } from './describe.decorator.js';
import { exampleOfProblem, problemsOf, ProblemView } from './problems.js';
import type { Route } from './routes.js';

const header = (description: string, schema: JsonObject, required = true): JsonObject => ({
  description,
  required,
  schema,
});

/** Headers that answers of several operations carry. */
export const headers: Record<string, JsonObject> = {
  'X-Request-Id': header('Stands in the log and in the audit log.', {
    type: 'string',
    format: 'uuid',
  }),
  'Cache-Control': header('No answer may be kept.', { const: 'no-store' }),
  'WWW-Authenticate': header('How to authenticate.', { const: 'Bearer realm="keyfence"' }),
  'Retry-After': header('Seconds after which to try again.', { type: 'string', pattern: '^\\d+$' }),
  'Idempotency-Replayed': header(
    'The answer is that of an earlier call with this `Idempotency-Key`.',
    { const: 'true' },
    false,
  ),
};

const common = ['X-Request-Id', 'Cache-Control'];
const byStatus: Readonly<Record<number, string>> = {
  401: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
};

/** Statuses of answers to what is no whole request, which has no number then. */
const ofNode = new Set([408, 431]);

const references = (kind: string, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/${kind}/${name}` }]));

function jsonContent(route: Route, components: Components): JsonObject {
  const { id, answer } = route.operation;
  if (answer === undefined) return {};
  const [example] = (answer.meta()?.examples ?? []) as unknown[];
  if (example === undefined) throw new Error(`the answer of ${id} has no example`);
  return { content: { 'application/json': { schema: components.add(answer, 'output'), example } } };
}

function textContent({ type, example, lines }: TextAnswer, components: Components): JsonObject {
  const ofLines = lines && {
    contentMediaType: type,
    contentSchema: components.add(lines, 'output'),
  };
  return { content: { [type]: { schema: { type: 'string', ...ofLines }, example } } };
}

function success(route: Route, components: Components): JsonObject {
  const { text, headers: own = {} } = route.operation;
  const names = [...common, ...(route.isCreating ? ['Idempotency-Replayed'] : [])];
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

/** A refusal: the problem document, narrowed to the codes that come with this status. */
function refusal(status: number, codes: readonly ProblemCode[], components: Components) {
  const own = byStatus[status];
  const names = ofNode.has(status) ? [] : [...common, ...(own === undefined ? [] : [own])];
  const narrowed = {
    properties: { status: { const: status }, code: { enum: codes } },
    required: ['status', 'code'],
  };
  return {
    description: STATUS_CODES[status],
    headers: references('headers', names),
    content: {
      'application/problem+json': {
        schema: { allOf: [components.add(ProblemView, 'output'), narrowed] },
        examples: references('examples', codes),
      },
    },
  };
}

/** All answers of a route, by their status. */
export function answersOf(route: Route, components: Components): JsonObject {
  return {
    [route.status]: success(route, components),
    ...Object.fromEntries(
      [...problemsOf(route)].map(([status, codes]) => [status, refusal(status, codes, components)]),
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
