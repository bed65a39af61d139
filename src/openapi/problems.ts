import { catalogue, type ProblemCode } from '../common/errors.js';
import {
  Characters,
  Describes,
  Integer,
  ListOf,
  Matching,
  Nested,
  Nullable,
  OneOf,
  Optional,
} from '../common/fields.js';
import type { Route } from './routes.js';

const codes = Object.keys(catalogue) as ProblemCode[];

class WrongField {
  @Characters()
  path!: string;

  @Characters()
  message!: string;
}

/** A problem document (RFC 9457), the response of every refusal. */
@Describes({ id: 'Problem' })
export class ProblemView {
  @Matching(/^urn:keyfence:problem:[a-z_]+$/, 'must be the name of a problem')
  type!: string;

  @Characters('Always the same for a code.')
  title!: string;

  @Integer()
  status!: number;

  @OneOf(codes, 'Stable: programs distinguish refusals by it.')
  code!: ProblemCode;

  @Optional()
  @Characters('What is special about this occurrence.')
  detail?: string;

  @Optional()
  @Nullable()
  @Characters('The permission that the key lacks.')
  permission?: string | null;

  @Optional()
  @ListOf(Characters(), {}, 'Names of managers who can help.')
  managers?: string[];

  @Optional()
  @ListOf(Nested(WrongField), {}, 'What is wrong with which field.')
  errors?: WrongField[];

  @Optional()
  @Integer('Seconds, as in the header.')
  retryAfter?: number;
}

/** An example of a problem without details of its occurrence. */
export function exampleOfProblem(code: ProblemCode): ProblemView {
  return { type: `urn:keyfence:problem:${code}`, ...catalogue[code], code };
}

/** Problems of every operation: any request can be malformed, and our side can fail. */
const always: ProblemCode[] = [
  'invalid_request',
  'key_in_url',
  'request_timeout',
  'headers_too_large',
  'internal',
];
const ofBodies: ProblemCode[] = ['malformed_json', 'payload_too_large', 'unsupported_media_type'];
const ofSessions: ProblemCode[] = [
  'ambiguous_credentials',
  'unauthenticated',
  'cross_site',
  'too_many_failures',
  'too_many_requests',
  'unavailable',
  'busy',
];
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

/** The problems of a kind of route. */
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
    ...(isCreating === true ? ofCreations : []),
  ];
}

/** All problems that a route responds with, by their status. */
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
