import type { Pool } from 'pg';
import type { Logger } from 'typeorm';
import { Lanes } from '../../src/database/lanes.js';
import type { Service } from './service.js';

/** A step of a plan, as the database describes it. */
export interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  Alias?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  'Plan Rows'?: number;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: Step[];
}

/** A statement that the service has sent. */
export interface Statement {
  sql: string;
  parameters: unknown[];
}

/** The steps of a plan, from the outermost inwards. */
const stepsOf = (plan: Step): Step[] => [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];

/** Notes every statement that the service sends from now on. */
export function noteStatements({ app }: Service): Statement[] {
  const noted: Statement[] = [];
  const logger = {
    logQuery: (sql: string, parameters: unknown[] = []) => noted.push({ sql, parameters }),
  };
  const noting = new Proxy(logger as unknown as Logger, {
    get: (target, name): unknown => Reflect.get(target, name) ?? (() => undefined),
  });
  for (const lane of ['ordinary', 'denying'] as const) app.get(Lanes).of(lane).logger = noting;
  return noted;
}

/** How the database runs a statement; with `ANALYZE` it runs it, and counts rows. */
export async function planOf(
  db: Pool,
  { sql, parameters }: Statement,
  analyze = false,
): Promise<Step[]> {
  const options = analyze ? 'ANALYZE, TIMING OFF, FORMAT JSON' : 'FORMAT JSON';
  const { rows } = await db.query(`EXPLAIN (${options}) ${sql}`, parameters);
  return stepsOf(rows[0]['QUERY PLAN'][0].Plan as Step);
}
