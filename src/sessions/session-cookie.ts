import { parseCookie, stringifySetCookie } from 'cookie';

/** Browsers take a cookie of this name from this host alone, over https (RFC 6265bis, 4.1.3.2). */
const name = '__Host-keyfence';

const attributes = { name, path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** `Set-Cookie` for a session; it ends with the browser, if the session has not before. */
export function sessionCookie(token: string): string {
  return stringifySetCookie({ ...attributes, value: token });
}

/** `Set-Cookie` that removes it. */
export const noSessionCookie = stringifySetCookie({ ...attributes, value: '', maxAge: 0 });

/** The token in a `Cookie` header, if there is one. */
export function sessionToken(cookies: string | undefined): string | undefined {
  return cookies === undefined ? undefined : parseCookie(cookies)[name];
}
