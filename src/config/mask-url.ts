/** Parameters of database URLs that are never secret. */
const harmless = new Set(['host', 'port', 'sslmode', 'application_name']);

/** The URL without passwords. A URL without any is returned as it was given. */
export function maskUrl(value: unknown): string {
  const text = String(value);
  const url = new URL(text);
  const { pathname, search, hash } = url;
  // An unescaped / ? or # in a password moves the rest of the user part there.
  if (`${pathname}${search}${hash}`.includes('@')) return `${url.protocol}//***`;
  const hidden = [...url.searchParams.keys()].filter((name) => !harmless.has(name));
  if (url.password === '' && hidden.length === 0) return text;
  if (url.password !== '') url.password = '***';
  for (const name of hidden) url.searchParams.set(name, '***');
  return url.toString();
}
