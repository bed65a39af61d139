import { containsSecret } from '../common/secret.js';

/**
 * Undoes percent-encoding, however often it was applied, of what a secret can be made of. The rest
 * stays as it is: it may be malformed, and must not hide a secret.
 */
function decode(url: string): string {
  return url.replace(/%(?:25)*([2-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

/** Whether an API key stands anywhere in the URL. */
export function isKeyInUrl(url: string): boolean {
  return containsSecret(url) || (url.includes('%') && containsSecret(decode(url)));
}
