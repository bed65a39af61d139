import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Refusal, type Problem } from './errors.js';
import type { Keyfence, Principal } from './keyfence.js';

type Code = keyof typeof problems;

/** The same codes and titles as those of Keyfence itself. */
const problems = {
  ambiguous_credentials: { status: 400, title: 'Send exactly one API key, in one header.' },
  unauthenticated: { status: 401, title: 'A valid API key is required.' },
  insufficient_permission: { status: 403, title: 'The API key lacks a permission.' },
  ip_not_allowed: { status: 403, title: 'The API key may not be used from this address.' },
  unavailable: { status: 503, title: 'The service cannot respond right now. Try again.' },
} as const;

interface Details extends Partial<Problem> {
  headers?: Record<string, string>;
  cause?: unknown;
}

function refuse(code: Code, { headers, cause, ...details }: Details = {}): Refusal {
  const type = `urn:keyfence:problem:${code}`;
  const problem = { type, code, ...problems[code], ...details };
  const all = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  return new Refusal(problem, { ...all, ...headers }, { cause });
}

const challenge = (error?: string) => ({
  'www-authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"`,
});

/** The scheme, and not another one that begins with it (RFC 9110, sections 5.6.2 and 11.1). */
const bearer = /^bearer(?![\w!#$%&'*+.^`|~-])/i;

/**
 * The key of a request. A header that is empty, or of another scheme, is none: for example the login of
 * a proxy in front. Of two headers with one name Node uses one, or joins them: only the raw list has
 * both.
 *
 * @throws Refusal when there is none, or more than one
 */
export function keyIn({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): string {
  let key: string | undefined;
  let found = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'x-api-key' && value.trim() !== '') key = value;
    else if (name === 'authorization' && bearer.test(value)) {
      [, key] = /^bearer +(\S+)$/i.exec(value) ?? [];
    } else continue;
    found += 1;
  }
  if (found > 1) throw refuse('ambiguous_credentials');
  if (key === undefined) throw refuse('unauthenticated', { headers: challenge() });
  return key;
}

/** The address without what has a meaning on this machine only. */
function addressOf(ip: string | undefined): string | undefined {
  const [address = ''] = ip?.split('%') ?? [];
  return isIP(address) === 0 ? undefined : address;
}

/**
 * Finds out who sent a request. Keyfence is asked each time, after the request has arrived.
 *
 * @param ip the address of the client, for keys that may be used from some addresses only
 * @throws Refusal
 */
export async function authenticate(
  keyfence: Keyfence,
  request: IncomingMessage,
  ip: string | undefined,
): Promise<Principal> {
  const key = keyIn(request);
  const userAgent = request.headers['user-agent']?.slice(0, 1_000);
  const verification = await keyfence
    .verify({ key, ip: addressOf(ip), userAgent })
    .catch((cause: unknown) => {
      keyfence.onError(cause as Error);
      // Whatever the error was: it is not known whether the key is valid.
      throw refuse('unavailable', { headers: { 'retry-after': '1' }, cause });
    });
  if (verification.valid) return verification;
  if (verification.code === 'IP_NOT_ALLOWED') throw refuse('ip_not_allowed');
  throw refuse('unauthenticated', { headers: challenge('invalid_token') });
}

/** @throws Refusal that names the first missing permission */
export function authorise(principal: Principal, permissions: readonly string[]): void {
  const permission = permissions.find((each) => !principal.permissions.includes(each));
  if (permission === undefined) return;
  const detail = `This needs the permission ${permission}.`;
  throw refuse('insufficient_permission', {
    detail,
    permission,
    headers: challenge('insufficient_scope'),
  });
}

const principals = new WeakMap<IncomingMessage, Principal>();

/** Lets a request in. @throws Refusal */
export async function admit(
  keyfence: Keyfence,
  request: IncomingMessage,
  ip: string | undefined,
  permissions: readonly string[],
): Promise<void> {
  const principal = await authenticate(keyfence, request, ip);
  authorise(principal, permissions);
  principals.set(request, principal);
}

/** The principal of a request. @throws TypeError when nothing protects the route */
export function principalOf(request: IncomingMessage | { raw: IncomingMessage }): Principal {
  const principal = principals.get('raw' in request ? request.raw : request);
  if (principal === undefined) throw new TypeError('no key was verified for this request');
  return principal;
}
