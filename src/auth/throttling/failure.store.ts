import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Batch } from './failure-counts.js';

/**
 * Adds to the counts of all processes. Rows are locked in one order, so that two processes do not wait
 * for each other. Rows of windows that ended long ago are removed meanwhile, always more than one call
 * can add. Their age is measured on one clock, with a wide margin for the clocks of the processes.
 */
const addCounts = `
  WITH over AS (
    SELECT window_start, client FROM failed_authentications
    WHERE window_start < now() - interval '10 minutes' LIMIT 20000 FOR UPDATE SKIP LOCKED
  ), removed AS (
    DELETE FROM failed_authentications f USING over o
    WHERE f.window_start = o.window_start AND f.client = o.client)
  INSERT INTO failed_authentications AS f (window_start, client, failures)
  SELECT $1, client, failures FROM unnest($2::text[], $3::int[]) AS n (client, failures)
  ORDER BY client
  ON CONFLICT (window_start, client) DO UPDATE SET failures = f.failures + EXCLUDED.failures
  RETURNING client, failures`;

/** All SQL on failed authentications. */
@Injectable()
export class FailureStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Adds a batch, in one statement of its own: no other change depends on it.
   *
   * @returns for each client of the batch the total over all processes
   */
  async add({ windowStart, counts }: Batch): Promise<ReadonlyMap<string, number>> {
    const rows = await this.dataSource.query<{ client: string; failures: number }[]>(addCounts, [
      new Date(windowStart),
      [...counts.keys()],
      [...counts.values()],
    ]);
    return new Map(rows.map(({ client, failures }) => [client, failures]));
  }
}
