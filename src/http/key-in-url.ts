import { containsSecret } from '../common/secret.js';

/**
 * Decodes percent-encoding, even repeated, of the characters of secrets. Everything else stays as it
 * is: it may be malformed, and must not hide a secret.
 */
function decode(url: string): string {
  return url.replace(/%(?:25)*([2-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

/** Whether the URL contains an API key anywhere. Without a `_`, encoded or not, it has none. */
export function isKeyInUrl(url: string): boolean {
  if (!url.includes('_') && !url.includes('%')) return false;
  return containsSecret(url) || (url.includes('%') && containsSecret(decode(url)));
}
