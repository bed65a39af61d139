/** Many name others as well, so the first that is found counts. */
const browsers = {
  Edge: /Edg\w*\//,
  Opera: /OPR\//,
  Firefox: /Firefox\//,
  Chrome: /Chrom\w+\//,
  Safari: /Safari\//,
};
const systems = {
  Android: /Android/,
  iOS: /iPhone|iPad/,
  Windows: /Windows/,
  macOS: /Mac OS X/,
  Linux: /Linux/,
};

const find = (names: Record<string, RegExp>, text: string) =>
  Object.entries(names).find(([, form]) => form.test(text))?.[0];

/** “Firefox on Linux”, as far as the header `User-Agent` tells. */
export function browserName(userAgent: string | null): string {
  const browser = find(browsers, userAgent ?? '') ?? 'Unknown browser';
  const system = find(systems, userAgent ?? '');
  return system === undefined ? browser : `${browser} on ${system}`;
}
