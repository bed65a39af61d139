import createClient from 'openapi-fetch';
import type { components, paths } from '../../../packages/guard/src/schema';

export type { components, paths };
type Schemas = components['schemas'];
export type Key = Schemas['Key'];
export type Session = Schemas['Session'];
export type Standing = Session['organisations'][number];
export type AuditEvent = Schemas['AuditEvent'];
export type CreateKey = Schemas['CreateKey'];
export type Problem = Schemas['Problem'];
export type Policy = Schemas['Policy'];

/** A refusal of the service, or that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly problem: Pick<Problem, 'title' | 'status'> & Partial<Problem>,
    /** Stands in the log of the service. */
    readonly requestId?: string,
  ) {
    super(problem.detail ?? problem.title);
  }

  get hasSessionEnded(): boolean {
    return this.problem.status === 401;
  }
}

export const isNotFound = (error: Error | null): boolean =>
  error instanceof ApiError && error.problem.status === 404;

const unreachable = { status: 0, title: 'Keyfence cannot be reached' };

export const api = createClient<paths>({ credentials: 'same-origin' });

/** The body of a response. @throws ApiError */
export async function answerOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call.catch(() => {
    throw new ApiError(unreachable);
  });
  if (response.ok) return data as T;
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const isProblem = typeof error === 'object' && error !== null && 'title' in error;
  throw new ApiError(isProblem ? (error as Problem) : unreachable, requestId);
}
