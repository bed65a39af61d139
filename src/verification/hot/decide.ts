import type { Principal } from '../../permissions/principal.js';
import type { Verification } from '../verifier.js';
import { keyText } from './key-text.js';
import type { RefusalCode } from './verification.dto.js';

/** What is said about a key: the fields of a result as JSON, without braces. */
export interface Decision {
  readonly text: string;
  /** Of a key that the caller does not learn about: it is not sent before. */
  readonly settled?: Promise<void> | undefined;
  readonly isRefusal: boolean;
}

const refuse = (code: RefusalCode, settled?: Promise<void>): Decision => ({
  text: `"valid":false,"code":"${code}"`,
  settled,
  isRefusal: true,
});

/** Whether the caller learns about keys of all organisations, and not only of its own. */
export const seesAll = ({ permissions }: Principal): boolean => permissions.has('verify:read');

/**
 * What a protected service learns about a key. Without `verify:read` all keys of other organisations are
 * INVALID.
 *
 * @param permission one that the key must hold
 */
export function decide(
  caller: Principal,
  { verdict, settled }: Verification,
  permission: string | undefined,
): Decision {
  const maySee = (orgId: string) => caller.org.id === orgId || seesAll(caller);
  if (!verdict.good) {
    // The caller must not learn that a foreign key exists, and only may not be used from here.
    const isVisible = verdict.refusal === 'ip_not_allowed' && maySee(verdict.orgId);
    return refuse(isVisible ? 'IP_NOT_ALLOWED' : 'INVALID', settled);
  }
  const { principal } = verdict;
  if (!maySee(principal.org.id)) return refuse('INVALID', settled);
  const held: ReadonlySet<string> = principal.permissions;
  if (permission !== undefined && !held.has(permission)) return refuse('INSUFFICIENT_PERMISSION');
  return { text: `"valid":true,"code":"VALID",${keyText(principal)}`, isRefusal: false };
}
