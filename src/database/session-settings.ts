/**
 * What our SQL and the driver depend on. A database, a role and a server can each have other defaults;
 * what a connection requests at its start overrides them all.
 */
const pinned = {
  /**
   * Our tables and functions, and no others of the same names. Temporary ones come last if they are
   * named.
   */
  search_path: 'public, pg_temp',
  /** The driver reads no other. It reads a time in another form as null: never revoked. */
  DateStyle: 'ISO',
  /** Times and counts leave as float8; with fewer digits they would be rounded. */
  extra_float_digits: '1',
  /** Lists contain NULL for unknown values; otherwise it would be stored as that word. */
  array_nulls: 'on',
  /** Searches use a string with Unicode escapes, which PostgreSQL refuses otherwise. */
  standard_conforming_strings: 'on',
  /** A statement sees what was committed before it, and does not fail for it. BullMQ needs that, too. */
  default_transaction_isolation: 'read committed',
  /** A COMMIT that is not confirmed raises a warning. */
  client_min_messages: 'warning',
  /**
   * PostgreSQL compiles a query whose estimated cost is high, which takes tens of milliseconds: longer
   * than any query of ours. And estimates for small tables that were never analysed are much too high.
   */
  jit: 'off',
} as const;

/** The settings in the form of a startup option. */
function startupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, String.raw`\$&`)}`)
    .join(' ');
}

/**
 * How the driver connects: everything that is pinned, and what a URL sets in its `options`.
 *
 * @param more further settings of the connection
 */
export function connectionTo(url: string, more: Readonly<Record<string, string>> = {}) {
  const options = startupOptions({ ...pinned, ...more });
  const target = new URL(url);
  const given = target.searchParams.get('options');
  if (given === null) return { connectionString: url, options };
  // The driver would use them instead of ours. If a setting is there twice, the last one counts.
  target.searchParams.delete('options');
  return { connectionString: target.toString(), options: `${given} ${options}` };
}
