import type { Pool, QueryResult } from 'pg';
import { finalMessage } from './changes.js';
import type { Line } from './history.js';

const orgId = 'org_filler';
const ownerId = 'usr_filler';
/** More than the references that the history notes of one transaction. */
const keys = 1_100;
/** Rows of the history that one response can have. */
export const rowsOfResponse = 5_000;
/** Numbers that the history keeps, and how many more there can be before they are pruned. */
export const numbersStored = 10_000;
export const prunedEach = 100;
/** Rows of the history that one transaction can have. */
const mostRows = 1_001;
/** Transactions of one call; each is stored on disk. */
const perCall = 250;

const rename = `UPDATE organisations SET name = 'Filler ' || clock_timestamp() WHERE id = '${orgId}'`;
const lone = 'PERFORM auth_advance()';

/** Rows that no decision of the world depends on. Before a history begins: it takes a number. */
export async function prepareFiller(db: Pool): Promise<void> {
  await db.query(
    `INSERT INTO organisations (id, name, slug, kind, grants)
     VALUES ('${orgId}', 'Filler', 'filler', 'customer', '{data:read}');
     INSERT INTO users (id, kind, name) VALUES ('${ownerId}', 'service', 'Filler');
     INSERT INTO memberships (org_id, user_id, role) VALUES ('${orgId}', '${ownerId}', 'member');
     INSERT INTO api_keys (id, org_id, owner_id, name, scope)
     SELECT 'key_filler' || i, '${orgId}', '${ownerId}', 'Key', 'read'
     FROM generate_series(1, ${keys}) i`,
  );
}

/** Makes the history longer, by changes of these rows. */
export class Filler {
  constructor(
    private readonly db: Pool,
    private readonly history: Line[],
  ) {}

  /** So many rows of the history, two a transaction. */
  async smallChanges(rows: number): Promise<void> {
    await this.renames(Math.floor(rows / 2));
    await this.numbers(rows % 2);
  }

  /** So many rows of the history in as few transactions as can be. */
  async largeChanges(rows: number): Promise<void> {
    for (let left = rows; left > 1; left -= mostRows) {
      await this.record('fill.keys', touchKeys(Math.min(left, mostRows) - 1), 1);
    }
    if (rows % mostRows === 1) await this.numbers(1);
  }

  /** So many transactions of two rows each. */
  renames(count: number): Promise<void> {
    return this.record('fill.renames', rename, count);
  }

  /** So many transactions of one row each. */
  numbers(count: number): Promise<void> {
    return this.record('fill.numbers', lone, count);
  }

  /**
   * So many numbers at once, as transactions of one row each leave them behind: those would take a minute
   * for what the history keeps.
   */
  skip(count: number): Promise<void> {
    return this.record('fill.skip', skipNumbers(count), 1);
  }

  private async record(kind: string, statement: string, count: number): Promise<void> {
    if (count === 0) return;
    const begin = performance.now();
    for (let left = count - 1; left > 0; left -= perCall) {
      const times = Math.min(left, perCall);
      await this.db.query(block(`FOR i IN 1..${times} LOOP ${statement}; COMMIT; END LOOP`));
    }
    const last = `BEGIN; ${block(statement)}; ${finalMessage}`;
    const results = (await this.db.query(last)) as unknown as QueryResult<{ n: string }>[];
    const change = { type: 'change', kind, target: orgId, node: -1, begin } as const;
    const effect = { result: 'ok', attempts: 1, status: undefined, on: [], off: [] } as const;
    const authSeq = Number(results[3]?.rows[0]?.n);
    this.history.push({ ...change, end: performance.now(), ...effect, authSeq });
  }
}

/** Changes so many keys, all of which the history can refer to. */
export const touchKeys = (count: number) =>
  `UPDATE api_keys SET name = 'Key ' || clock_timestamp()
   WHERE id IN (SELECT 'key_filler' || i FROM generate_series(1, ${count}) i)`;

const skipNumbers = (count: number) => `
  WITH head AS (UPDATE auth_head SET n = n + ${count} RETURNING n)
  INSERT INTO auth_log SELECT i, 'advance', ''
  FROM head, generate_series(head.n - ${count - 1}, head.n) i;
  DELETE FROM auth_log
  WHERE n <= (SELECT n / ${prunedEach} * ${prunedEach} FROM auth_head) - ${numbersStored}`;

const block = (body: string) => `DO $$ BEGIN ${body}; END $$`;
