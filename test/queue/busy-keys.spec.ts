import { Agent, get } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { newSecret } from '../../src/common/secret.js';
import { SecretHasher } from '../../src/keys/secret-hasher.js';
import { count } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

const keys = count(500, 5_000);
const rate = count(200, 1_000);
const seconds = count(5, 60);

/** Keys of the member, whose secrets are known here. */
async function insertKeys({ db, app }: Service, org: Organisation): Promise<string[]> {
  const secrets = Array.from({ length: keys }, () => newSecret('kf'));
  const hasher = app.get(SecretHasher);
  await db.query(
    `INSERT INTO api_keys (id, org_id, owner_id, name, scope)
     SELECT 'key_' || lpad(i::text, 26, '0'), $1, $2, 'busy', 'read' FROM generate_series(1, $3::int) i`,
    [org.id, org.member.userId, keys],
  );
  await db.query(
    `INSERT INTO key_secrets (id, key_id, hash, hash_key, mask)
     SELECT 'sec_' || lpad(i::text, 26, '0'), 'key_' || lpad(i::text, 26, '0'), hash, $2, 'kf_aaaa…bbbb'
     FROM unnest($1::bytea[]) WITH ORDINALITY AS h (hash, i)`,
    [secrets.map((secret) => hasher.hash(secret)), hasher.fingerprint],
  );
  return secrets;
}

/** Lets the database note each statement that writes uses, with its transaction and its rows. */
async function noteStatements({ db }: Service): Promise<void> {
  await db.query(`
    CREATE TABLE noted (xid xid8, kind text, keys integer);
    GRANT ALL ON noted TO PUBLIC;
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO noted SELECT pg_current_xact_id(), TG_OP, count(*) FROM written;
      RETURN NULL;
    END $$;
    CREATE TRIGGER note_insert AFTER INSERT ON key_usage REFERENCING NEW TABLE AS written
      FOR EACH STATEMENT EXECUTE FUNCTION note();
    CREATE TRIGGER note_update AFTER UPDATE ON key_usage REFERENCING NEW TABLE AS written
      FOR EACH STATEMENT EXECUTE FUNCTION note()`);
}

/** Uses keys, drawn by lot, at this rate. */
async function useAtRate(url: string, secrets: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const use = (secret: string) =>
    new Promise<void>((resolve, reject) => {
      const headers = { 'x-api-key': secret };
      get(`${url}/v1/whoami`, { agent, headers }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`got ${response.statusCode}`));
        });
      }).on('error', reject);
    });
  const sent: Promise<void>[] = [];
  const begin = performance.now();
  while (sent.length < rate * seconds) {
    const due = Math.min(((performance.now() - begin) / 1_000) * rate, rate * seconds);
    while (sent.length < due) sent.push(use(secrets[Math.floor(Math.random() * keys)] ?? ''));
    await delay(5);
  }
  await Promise.all(sent);
  agent.destroy();
  return sent.length;
}

describe('many keys that are used all the time', () => {
  it('are counted, each use once, by one statement for each flush with one row for each key', async () => {
    const service = await startService();
    try {
      const org = await createOrganisation(service);
      const secrets = await insertKeys(service, org);
      await noteStatements(service);
      const uses = await useAtRate(service.url, secrets);
      const counted = async () => {
        const { rows } = await service.db.query<{ uses: number; days: number }>(
          `SELECT (SELECT sum(uses)::int FROM key_usage JOIN api_keys k ON k.id = key_id
             WHERE k.name = 'busy') AS uses,
             (SELECT sum(uses)::int FROM key_usage_days JOIN api_keys k ON k.id = key_id
             WHERE k.name = 'busy') AS days`,
        );
        return rows[0];
      };
      await eventually(async () => ((await counted())?.uses ?? 0) >= uses, 60_000);
      expect(await counted()).toEqual({ uses, days: uses });

      const { rows } = await service.db.query<Record<string, number>>(
        `SELECT (SELECT count(DISTINCT xid)::int FROM noted) AS transactions,
           (SELECT max(n)::int FROM (SELECT count(*) AS n FROM noted GROUP BY xid, kind) s) AS statements,
           (SELECT max(n)::int FROM (SELECT sum(keys) AS n FROM noted GROUP BY xid) s) AS keys,
           (SELECT sum(upper(r) - lower(r))::int FROM usage_processes, unnest(counted) r) AS flushes`,
      );
      const { transactions, statements, keys: most, flushes } = rows[0] ?? {};
      expect(transactions).toBe(flushes);
      expect(statements).toBe(1);
      // Those of the organisation's people, and the operator's, are used as well.
      expect(most).toBeLessThanOrEqual(keys + 3);
    } finally {
      await service.stop();
    }
  });
});
