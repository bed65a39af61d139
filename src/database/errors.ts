import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { Problem, type ProblemCode } from '../common/errors.js';
import { UnreliableServer } from './server-checks.js';

/** SQLSTATE (five characters) or Node's own code of a failed statement, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'driverError' in error ? errorCode(error.driverError) : undefined;
}

/** The name of the constraint that a statement violated, if it did. */
export function violatedConstraint(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('constraint' in error && typeof error.constraint === 'string') return error.constraint;
  return 'driverError' in error ? violatedConstraint(error.driverError) : undefined;
}

/** Serialisation failure or deadlock: the whole transaction can be retried. */
export function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(errorCode(error) ?? '');
}

/** Another transaction held a row lock for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return errorCode(error) === '55P03';
}

/** Classes: connection, resources, operator intervention, system; then read-only and cancelled. */
const unavailableState = /^(08|53|57|58)|^25006$|^25P03$/;
const networkCode = /^E[A-Z]+$/;
/** Messages of pg and pg-pool without a code. */
const withoutCode =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Cannot use a pool after|The server does not support|Driver not Connected)/i;

/** Errors of TypeORM after a connection broke between two statements of a transaction. */
const brokenBetween = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** Whether the statement failed because the database is unavailable, and not because of its content. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof UnreliableServer) return true;
  if (brokenBetween.some((one) => error instanceof one)) return true;
  const code = errorCode(error);
  if (code !== undefined) return unavailableState.test(code) || networkCode.test(code);
  return error instanceof Error && withoutCode.test(error.message);
}

/** Throws the problem for the violated constraint, or the error itself. */
export function rethrowViolation(
  error: unknown,
  problems: Readonly<Record<string, ProblemCode>>,
): never {
  const code = problems[violatedConstraint(error) ?? ''];
  throw code === undefined ? error : new Problem(code);
}
