import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyId, OrgId } from '../common/ids.js';
import type { UsageFlush } from '../jobs/jobs.js';
import type { UsageDay } from './usage.dto.js';

/**
 * Counts a flush that was not counted yet: one statement, so all of it or nothing. Rows are locked in
 * one order, so that two flushes do not wait for each other. Of two uses at the same moment the result
 * is the same, whichever came first. Unknown ids are left out.
 */
const countFlush = `
  WITH fresh AS (
    INSERT INTO usage_processes AS p (id, counted)
    VALUES ($1, int4multirange(int4range($2, $2, '[]')))
    ON CONFLICT (id) DO UPDATE SET counted = p.counted + EXCLUDED.counted
      WHERE NOT p.counted @> $2::int
    RETURNING id
  ), flush AS (
    SELECT u.key_id, u.uses, to_timestamp(u.last_used_at / 1000.0) AS last_used_at, u.ip, u.user_agent
    FROM fresh, unnest($4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[])
      AS u (key_id, uses, last_used_at, ip, user_agent)
    WHERE EXISTS (SELECT FROM api_keys k WHERE k.id = u.key_id)
    ORDER BY u.key_id
  ), days AS (
    INSERT INTO key_usage_days AS d (key_id, day, uses) SELECT key_id, $3, uses FROM flush
    ON CONFLICT (key_id, day) DO UPDATE SET uses = d.uses + EXCLUDED.uses
  )
  INSERT INTO key_usage AS k (key_id, uses, last_used_at, last_ip, last_user_agent)
  SELECT key_id, uses, last_used_at, ip, user_agent FROM flush
  ON CONFLICT (key_id) DO UPDATE SET
    uses = k.uses + EXCLUDED.uses,
    (last_used_at, last_ip, last_user_agent) = (
      SELECT last.* FROM (VALUES
        (k.last_used_at, k.last_ip, k.last_user_agent),
        (EXCLUDED.last_used_at, EXCLUDED.last_ip, EXCLUDED.last_user_agent)
      ) AS last (at, ip, user_agent)
      ORDER BY at DESC, ip DESC NULLS LAST, user_agent DESC NULLS LAST LIMIT 1
    )`;

const daysOfKey = `
  SELECT days.day::text, coalesce(d.uses, 0)::float8 AS uses
  FROM api_keys k
    CROSS JOIN LATERAL (SELECT $3::date + n AS day FROM generate_series(0, $4::date - $3::date) n) days
    LEFT JOIN key_usage_days d ON d.key_id = k.id AND d.day = days.day
  WHERE k.org_id = $1 AND k.id = $2
  ORDER BY days.day`;

/** All SQL on the use of keys. */
@Injectable()
export class UsageStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Adds the uses that a process has counted, in one statement of its own: no other change depends on
   * it. A flush that is counted already changes nothing.
   */
  async count({ processId, sequence, day, uses }: UsageFlush): Promise<void> {
    await this.dataSource.query(countFlush, [
      processId,
      sequence,
      day,
      uses.map(({ keyId }) => keyId),
      uses.map(({ count }) => count),
      uses.map(({ lastUsedAt }) => lastUsedAt),
      uses.map(({ ip }) => ip),
      uses.map(({ userAgent }) => userAgent),
    ]);
  }

  /** Uses on each day from the first to the last one, including days without any. */
  days(orgId: OrgId, keyId: KeyId, from: string, to: string): Promise<UsageDay[]> {
    return this.dataSource.query<UsageDay[]>(daysOfKey, [orgId, keyId, from, to]);
  }
}
