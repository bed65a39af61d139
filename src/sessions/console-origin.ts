import type { FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';
import { isTrustworthy } from '../common/trustworthy.js';

/** Why nobody can sign in to a console without an origin. */
export const obstacle =
  'Browsers store the session of a console only under https, or on localhost. Set KEYFENCE_PUBLIC_URL ' +
  'to the https URL under which people reach this service, and open that.';

/**
 * The origin of the console, as browsers write it in `Origin` (RFC 6454). Without a public URL it is
 * only on this machine: the `Host` of another one proves nothing.
 *
 * @param host the `Host` of the request
 * @returns undefined if browsers would not store a session cookie
 */
export function consoleOrigin(
  publicUrl: string | undefined,
  host: string | undefined,
): string | undefined {
  const url = URL.parse(publicUrl ?? `http://${host ?? ''}`);
  return url !== null && isTrustworthy(url) ? url.origin : undefined;
}

/**
 * Lets only the console's own pages use a session: a cookie also comes with requests that other sites
 * make a browser send. Browsers say where a request comes from (W3C Fetch Metadata); a request that
 * does not is refused, too.
 *
 * @throws Problem `cross_site`
 */
export function assertFromConsole(
  { method, headers }: FastifyRequest,
  publicUrl: string | undefined,
): void {
  const origin = consoleOrigin(publicUrl, headers.host);
  const reads = method === 'GET' || method === 'HEAD';
  if (
    origin !== undefined &&
    headers['sec-fetch-site'] === 'same-origin' &&
    (reads || headers.origin === origin)
  ) {
    return;
  }
  throw new Problem('cross_site', origin === undefined ? obstacle : `The console is at ${origin}.`);
}
