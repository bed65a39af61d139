import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'expect';
import { Pool } from 'pg';
import { Caller, type Answer } from '../support/client.js';
import { count, createDatabase, type Database } from '../support/environment.js';
import { startProcess, type ServiceProcess } from '../support/process.js';

const atOnce = 200;

/** When the service is killed: shortly after the first call, once the key is stored, or after so many answers. */
type End = 'early' | 'stored' | number;

describe('kill -9 of the service between 200 creations with one Idempotency-Key', () => {
  let database: Database;
  let db: Pool;
  let dataDir: string;
  let environment: Record<string, string>;
  let operatorKey: string;
  let orgId: string;

  const whoever = (service: ServiceProcess) => new Caller(service.url, [], operatorKey);

  before(async () => {
    database = await createDatabase();
    db = new Pool({ connectionString: database.url });
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-kill-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_DATA_DIR: dataDir,
      KEYFENCE_SECRET: randomBytes(32).toString('hex'),
    };
    const service = await startProcess(environment);
    operatorKey = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
    orgId = (await whoever(service).get('/v1/whoami')).body.orgId as string;
    await service.end('SIGTERM');
  });
  after(async () => {
    await db.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const create = (service: ServiceProcess, key: string): Promise<Answer | undefined> =>
    whoever(service)
      .post(
        `/v1/orgs/${orgId}/keys`,
        { name: key, scope: 'read', permissions: ['verify:read'] },
        { 'idempotency-key': key },
      )
      .catch(() => undefined);

  /** Calls again as long as there is no answer, or one that says so. */
  async function insist(service: ServiceProcess, key: string): Promise<Answer> {
    for (;;) {
      const answer = await create(service, key);
      if (answer !== undefined && answer.status !== 409 && answer.status !== 503) return answer;
    }
  }

  /** Waits until the key is in the database, which is just before the first answer. */
  async function untilStored(key: string): Promise<void> {
    const isStored = async () =>
      (await db.query('SELECT FROM api_keys WHERE name = $1', [key])).rows.length > 0;
    while (!(await isStored()));
  }

  /** Makes all calls at once, and kills the service when it is time; the answers that came. */
  async function interrupted(service: ServiceProcess, key: string, end: End): Promise<Answer[]> {
    const answers: Answer[] = [];
    const calls = Array.from({ length: atOnce }, async () => {
      const answer = await create(service, key);
      if (answer?.status === 201) answers.push(answer);
      if (answers.length === end) service.child.kill('SIGKILL');
    });
    if (end === 'early') await delay(20);
    if (end === 'stored') await untilStored(key);
    if (typeof end === 'string') service.child.kill('SIGKILL');
    await Promise.all(calls);
    await service.end('SIGKILL');
    return answers;
  }

  it('leaves one key, and its secret in one answer at the most', async () => {
    const ends: End[] = ['stored', 1, 'early', 100];
    let service = await startProcess(environment);
    for (let round = 0; round < count(2, 40); round += 1) {
      const key = `round-${round}`;
      const before = await interrupted(service, key, ends[round % ends.length] ?? 1);
      service = await startProcess(environment);
      const again = Array.from({ length: atOnce }, () => insist(service, key));
      const answers = [...before, ...(await Promise.all(again))];
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => body.key.id as string)).size).toBe(1);
      // A process that dies between the commit and the answer takes the secret with it.
      const secrets = answers.filter(({ body }) => 'secret' in body);
      expect(secrets.length).toBeLessThanOrEqual(1);
      const keys = await db.query('SELECT FROM api_keys WHERE name = $1', [key]);
      expect(keys.rows).toHaveLength(1);
      const events = await db.query(
        `SELECT FROM audit_events WHERE action = 'key.created' AND after ->> 'name' = $1`,
        [key],
      );
      expect(events.rows).toHaveLength(1);
    }
    await service.end('SIGTERM');
  });
});
