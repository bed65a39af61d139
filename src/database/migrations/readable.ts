/** The columns that the service reads as instants, and as lists of texts. */
const columns: Readonly<Record<string, { times: readonly string[]; lists?: readonly string[] }>> = {
  organisations: { times: ['created_at'], lists: ['grants'] },
  users: { times: ['created_at'] },
  memberships: { times: ['created_at'], lists: ['grants'] },
  api_keys: {
    times: ['created_at', 'expires_at', 'revoked_at'],
    lists: ['permissions', 'allowed_ips'],
  },
  key_secrets: { times: ['created_at'] },
  key_usage: { times: ['last_used_at'] },
  expiry_watch: { times: ['due_at'] },
  reminders: { times: ['expires_at', 'created_at'] },
  deliveries: { times: ['expires_at', 'next_attempt_at', 'created_at', 'finished_at'] },
  webhooks: { times: ['previous_until', 'created_at'], lists: ['events'] },
  sessions: { times: ['created_at', 'seen_at'] },
  sign_in_links: { times: ['created_at'] },
  audit_events: { times: ['at'] },
};

/** The years of four digits: JSON, cursors and `Date` all know those. */
export const firstMoment = `timestamptz '0001-01-01 00:00:00+00'`;
export const lastMoment = `timestamptz '9999-12-31 23:59:59.999+00'`;

export const isTime = (column: string) =>
  `${column} >= ${firstMoment} AND ${column} < timestamptz '10000-01-01 00:00:00+00'`;

// Dimensions come first: a list with more than one cannot be searched.
const isList = (column: string) => `
  coalesce(array_ndims(${column}), 1) = 1 AND coalesce(array_lower(${column}, 1), 1) = 1
  AND array_position(${column}, NULL) IS NULL`;

interface Check {
  name: string;
  condition: string;
}

/** The conditions that rows of each table must meet to be readable. */
export const checks: readonly { table: string; checks: readonly Check[] }[] = Object.entries(
  columns,
).map(([table, { times, lists = [] }]) => {
  const toCheck = (isReadable: (column: string) => string) => (column: string) => ({
    name: `${table}_${column}_readable`,
    condition: isReadable(column),
  });
  return { table, checks: [...times.map(toCheck(isTime)), ...lists.map(toCheck(isList))] };
});

/** The condition that finds unreadable rows of a table. */
export function unreadable(table: keyof typeof columns): string {
  const found = checks.find((each) => each.table === table);
  return (found?.checks ?? []).map(({ condition }) => `NOT (${condition})`).join(' OR ');
}
