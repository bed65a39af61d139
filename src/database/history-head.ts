/**
 * The one row of `auth_head`, as a table in a FROM clause. While somebody has an old snapshot open, for
 * example a dump, PostgreSQL stores every version of that row. This reads the newest page; a look-up by
 * the key would read them all. It needs `enable_seqscan = off`: otherwise a plan from the time when the
 * table had one page would continue to read all of it.
 */
export const historyHead =
  '(SELECT n, epoch FROM auth_head WHERE single > false ORDER BY single DESC LIMIT 1)';
