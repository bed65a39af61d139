import type { Pool } from 'pg';
import { containsSecret } from '../../src/common/secret.js';
import type { Transcript } from './client.js';

interface Traces {
  db: Pool;
  log: readonly string[];
  transcript: Transcript;
  operatorKey: string;
}

/** What webhooks are signed with. */
const signingSecret = /whsec_[0-9A-Za-z+/]{43}=/;

const secretPattern = /[a-z][a-z0-9_]*_[0-9A-Za-z]{42}/g;

/**
 * Every row of every table, jobs included, as text.
 *
 * @param since only what transactions from this one on have written
 */
async function dump(db: Pool, since: string | undefined): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'bullmq')`,
  );
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await db.query<{ line: string }>(
        `SELECT t::text AS line FROM ${name} t WHERE $1::xid IS NULL OR age(xmin) <= age($1::xid)`,
        [since],
      );
      return rows.map(({ line }) => line).join('\n');
    }),
  );
  return parts.join('\n');
}

/** The secrets that responses have shown so far: each may be shown once, by what created it. */
export class Revealed {
  private readonly seen = new Set<string>();

  /** @throws Error for a response that shows a secret which was seen already, or not where it is given */
  assertNoRepetition(response: string): void {
    for (const secret of response.match(secretPattern) ?? []) {
      if (!containsSecret(secret)) continue;
      const isReveal =
        response.includes(`"secret":"${secret}"`) ||
        response.includes(`"__Host-keyfence=${secret};`) ||
        response.includes(`/sign-in#${secret}"`);
      if (!isReveal || this.seen.has(secret)) {
        throw new Error(`a response repeats a secret: ${response}`);
      }
      this.seen.add(secret);
    }
  }

  /** Notes a secret that must not be shown at all any more. */
  note(secret: string): void {
    this.seen.add(secret);
  }
}

/** The oldest transaction that may write yet. */
async function oldestTransaction(db: Pool): Promise<string | undefined> {
  const { rows } = await db.query<{ xid: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text AS xid',
  );
  return rows[0]?.xid;
}

/** Looks for secrets in clear anywhere but in the one response that reveals them. */
export class LeakSearch {
  private readonly revealed = new Revealed();
  private lines = 0;
  private responses = 0;
  private since: string | undefined;

  constructor(private readonly traces: Traces) {
    this.revealed.note(traces.operatorKey);
  }

  /** Searches what was logged, stored and sent in responses since the last search. */
  async run(): Promise<void> {
    const { db, log, transcript } = this.traces;
    const [lines, responses] = [log.slice(this.lines), transcript.slice(this.responses)];
    const { since } = this;
    this.lines = log.length;
    this.responses = transcript.length;
    this.since = await oldestTransaction(db);
    const places = { log: lines.join('\n'), database: await dump(db, since) };
    for (const [place, text] of Object.entries(places)) {
      if (containsSecret(text)) throw new Error(`a key stands in the ${place}`);
      if (signingSecret.test(text)) {
        throw new Error(`the secret of a webhook stands in the ${place}`);
      }
    }
    for (const response of responses) this.revealed.assertNoRepetition(response);
  }
}

/** Fails when a secret is in clear anywhere. Every suite ends with it. */
export const assertNoLeak = (traces: Traces): Promise<void> => new LeakSearch(traces).run();
