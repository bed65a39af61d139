import type { Settings } from '../config/settings.js';

const yearInSeconds = 31_536_000;

/** Responses of the API are no pages: they load nothing, and no frame shows them. */
const apiPolicy = "default-src 'none';frame-ancestors 'none'";

/**
 * For the console and `/docs`. Everything they load comes from here, and the page has no inline script
 * or style.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');

/** The headers of every response, also if no route was found. */
export const commonHeadersOf = ({
  hstsSubdomains,
}: Settings): Readonly<Record<string, string>> => ({
  // Responses contain keys, names and addresses.
  'cache-control': 'no-store',
  'content-security-policy': apiPolicy,
  // No other page keeps access to a window of the console, or embeds our responses.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  // Paths contain ids.
  'referrer-policy': 'no-referrer',
  // Subdomains may belong to others, who have no https.
  'strict-transport-security': `max-age=${yearInSeconds}${hstsSubdomains ? '; includeSubDomains' : ''}`,
  'x-content-type-options': 'nosniff',
  // Looking up names that people typed would reveal them to others.
  'x-dns-prefetch-control': 'off',
  // For browsers without frame-ancestors.
  'x-frame-options': 'DENY',
  // For software without CSP: old Internet Explorer, PDF and Flash players.
  'x-download-options': 'noopen',
  'x-permitted-cross-domain-policies': 'none',
  // The filter of old browsers can be used to disable scripts of a page.
  'x-xss-protection': '0',
});

/** Those of them that mean something to a program, for routes that services wait for each time. */
export const headersForPrograms = (all: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    [
      'cache-control',
      'content-security-policy',
      'strict-transport-security',
      'x-content-type-options',
    ].map((name) => [name, all[name]]),
  );
