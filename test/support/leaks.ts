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

/** Every row of every table, jobs included, as text. */
async function dump(db: Pool): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'bullmq')`,
  );
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await db.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
      return rows.map(({ line }) => line).join('\n');
    }),
  );
  return parts.join('\n');
}

/** The secrets that answers have shown so far: each may be shown once, by what created it. */
export class Revealed {
  private readonly seen = new Set<string>();

  /** @throws Error for an answer that shows a secret which was seen already, or not where it is given */
  assertNoRepetition(answer: string): void {
    for (const secret of answer.match(secretPattern) ?? []) {
      if (!containsSecret(secret)) continue;
      const isReveal =
        answer.includes(`"secret":"${secret}"`) || answer.includes(`"__Host-keyfence=${secret};`);
      if (!isReveal || this.seen.has(secret)) {
        throw new Error(`an answer repeats a secret: ${answer}`);
      }
      this.seen.add(secret);
    }
  }

  /** Notes a secret that must not be shown at all any more. */
  note(secret: string): void {
    this.seen.add(secret);
  }
}

/**
 * Fails when a secret stands in clear anywhere but in the one answer that reveals it. Every suite
 * ends with it.
 */
export async function assertNoLeak({ db, log, transcript, operatorKey }: Traces): Promise<void> {
  for (const [place, text] of Object.entries({ log: log.join('\n'), database: await dump(db) })) {
    if (containsSecret(text)) throw new Error(`a key stands in the ${place}`);
    if (signingSecret.test(text)) throw new Error(`the secret of a webhook stands in the ${place}`);
  }
  const revealed = new Revealed();
  revealed.note(operatorKey);
  for (const answer of transcript) revealed.assertNoRepetition(answer);
}
