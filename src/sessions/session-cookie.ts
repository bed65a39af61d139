import { parseCookie, stringifySetCookie } from 'cookie';
import { read } from '../common/reading.js';
import { Attempt } from './identity.dto.js';

/** Browsers accept a cookie of this name only from this host, over https (RFC 6265bis, 4.1.3.2). */
const name = '__Host-keyfence';

/** The cookie for a sign-in at the identity provider. */
const attemptName = `${name}-sign-in`;

const attributes = { name, path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** `Set-Cookie` for a session; it ends with the browser, if the session does not end before. */
export function sessionCookie(token: string): string {
  return stringifySetCookie({ ...attributes, value: token });
}

/** `Set-Cookie` that removes it. */
export const noSessionCookie = stringifySetCookie({ ...attributes, value: '', maxAge: 0 });

/** `Set-Cookie` for what the browser stores while a person is at the provider; undefined removes it. */
export function attemptCookie(attempt: Attempt | undefined): string {
  const value = attempt === undefined ? '' : JSON.stringify(attempt);
  const maxAge = attempt === undefined ? 0 : 600;
  return stringifySetCookie({ ...attributes, name: attemptName, value, maxAge });
}

/** What the browser has stored; undefined if nothing. */
export function attemptOf(cookies: string | undefined): Attempt | undefined {
  const value = cookies === undefined ? undefined : parseCookie(cookies)[attemptName];
  try {
    return read(Attempt, JSON.parse(value ?? ''));
  } catch {
    return undefined;
  }
}

/** The token in a `Cookie` header, if there is one. */
export function sessionToken(cookies: string | undefined): string | undefined {
  return cookies === undefined ? undefined : parseCookie(cookies)[name];
}
