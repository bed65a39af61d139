import { z } from 'zod';
import { catalogue, type ProblemCode } from '../common/errors.js';
import type { Route } from './routes.js';

const codes = Object.keys(catalogue) as ProblemCode[];

/** A problem document (RFC 9457) as every refusal is one. */
export const ProblemView = z
  .strictObject({
    type: z.string().meta({ pattern: '^urn:keyfence:problem:[a-z_]+$' }),
    title: z.string().describe('The same each time.'),
    status: z.int(),
    code: z.enum(codes).describe('Stable: programs tell refusals apart by it.'),
    detail: z.string().optional().describe('What is particular to this occurrence.'),
    permission: z.string().nullable().optional().describe('The permission that the key lacks.'),
    managers: z.array(z.string()).optional().describe('Names of managers who can help.'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong with which field.'),
    retryAfter: z.int().optional().describe('Seconds, as in the header.'),
  })
  .meta({ id: 'Problem' });

/** What a problem looks like that says nothing of its occurrence. */
export function exampleOfProblem(code: ProblemCode): z.infer<typeof ProblemView> {
  return { type: `urn:keyfence:problem:${code}`, ...catalogue[code], code };
}

/** Whatever is asked: how it is asked can be wrong, and so can we. */
const always: ProblemCode[] = [
  'invalid_request',
  'key_in_url',
  'request_timeout',
  'headers_too_large',
  'internal',
];
const ofBodies: ProblemCode[] = ['malformed_json', 'payload_too_large', 'unsupported_media_type'];
const ofSessions: ProblemCode[] = ['unauthenticated', 'cross_site', 'unavailable', 'busy'];
const ofKeys: ProblemCode[] = [
  'ambiguous_credentials',
  'unauthenticated',
  'ip_not_allowed',
  'too_many_failures',
  'unavailable',
  // Somebody locks a table, as a migration does.
  'busy',
];
const ofChanges: ProblemCode[] = ['outcome_unknown'];
const ofCreations: ProblemCode[] = ['idempotency_in_progress', 'idempotency_mismatch'];

/** The problems that a route brings by being what it is. */
function usualProblems({ methods, path, access, isCreating }: Route): ProblemCode[] {
  const hasKey = access.kind === 'any-key' || access.kind === 'permission';
  const hasSession = access.kind === 'session' || access.kind === 'permission';
  const hasPermission = access.kind === 'permission';
  const reads = methods.includes('get');
  return [
    ...always,
    ...(reads ? [] : ofBodies),
    ...(hasKey ? ofKeys : []),
    ...(hasSession ? ofSessions : []),
    ...(hasPermission ? (['insufficient_permission'] as const) : []),
    ...(path.includes(':') ? (['not_found'] as const) : []),
    ...(hasSession && !reads ? ofChanges : []),
    ...(isCreating ? ofCreations : []),
  ];
}

/** All problems that a route answers with, by their status. */
export function problemsOf(route: Route): Map<number, ProblemCode[]> {
  const { onlyProblems, problems = [] } = route.operation;
  const all = new Set(onlyProblems ?? [...usualProblems(route), ...problems]);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes.filter((each) => all.has(each))) {
    const { status } = catalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
