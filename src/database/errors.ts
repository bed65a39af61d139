import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { Problem, type ProblemCode } from '../common/errors.js';

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

/** Serialisation failure or deadlock: the whole transaction can be tried again. */
export function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(errorCode(error) ?? '');
}

/** Somebody else held a row lock for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return errorCode(error) === '55P03';
}

/** Classes: connection, resources, operator intervention, system; then read-only and cancelled. */
const unavailableState = /^(08|53|57|58)|^25006$|^25P03$/;
const networkCode = /^E[A-Z]+$/;
/** What pg and pg-pool say without a code. */
const withoutCode =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Cannot use a pool after|The server does not support|Driver not Connected)/i;

/** What TypeORM says once a connection broke between two statements of a transaction. */
const brokenBetween = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** Whether the statement failed because the database cannot be asked, and not for what it says. */
export function isUnavailable(error: unknown): boolean {
  if (brokenBetween.some((one) => error instanceof one)) return true;
  const code = errorCode(error);
  if (code !== undefined) return unavailableState.test(code) || networkCode.test(code);
  return error instanceof Error && withoutCode.test(error.message);
}

/** Throws the problem that stands for the violated constraint, or the error itself. */
export function rethrowViolation(
  error: unknown,
  problems: Readonly<Record<string, ProblemCode>>,
): never {
  const code = problems[violatedConstraint(error) ?? ''];
  throw code === undefined ? error : new Problem(code);
}
