import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { Pool } from 'pg';
import { Caller, type Answer } from '../support/client.js';
import { count, createDatabase, type Database } from '../support/environment.js';
import { startProcess, type ServiceProcess } from '../support/process.js';

const atOnce = 100;

describe('kill -9 of the service between 200 concurrent creates and revokes', () => {
  let database: Database;
  let db: Pool;
  let dataDir: string;
  let environment: Record<string, string>;
  let operatorKey: string;
  let orgId: string;
  let managerKey: string;

  const as = (service: ServiceProcess, key: string) => new Caller(service.url, [], key);

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
    const operator = as(service, operatorKey);
    const org = await operator.post('/v1/orgs', { name: 'Acme', slug: 'acme', grants: [] });
    orgId = org.body.id;
    const user = await operator.post('/v1/users', { email: 'ada@example.com', name: 'Ada' });
    const ownerId: string = user.body.id;
    await operator.put(`/v1/orgs/${orgId}/members/${ownerId}`, { role: 'manager', grants: null });
    const key = await operator.post(`/v1/orgs/${orgId}/keys`, {
      name: 'Ada',
      scope: 'admin',
      ownerId,
    });
    managerKey = key.body.secret;
    await service.end('SIGTERM');
  });
  after(async () => {
    await db.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Runs 100 creates and 100 revokes, and kills the service after some were acknowledged. */
  async function round(killAfter: number): Promise<{ created: string[]; revoked: string[] }> {
    const service = await startProcess(environment);
    const manager = as(service, managerKey);
    const path = `/v1/orgs/${orgId}/keys`;
    const created: string[] = [];
    const revoked: string[] = [];
    let left = Infinity;
    /** Notes what was acknowledged. An answer that never came counts for nothing. */
    const note = (list: string[], success: number) => (answer: Answer) => {
      if (answer.status !== success) return;
      list.push((answer.body.key ?? answer.body).id);
      left -= 1;
      if (left === 0) service.child.kill('SIGKILL');
    };
    const create = () =>
      manager.post(path, { name: 'k', scope: 'read' }).then(note(created, 201), () => undefined);
    const revoke = (id: string) =>
      manager.delete(`${path}/${id}`).then(note(revoked, 200), () => undefined);
    try {
      await Promise.all(Array.from({ length: atOnce }, create));
      left = killAfter;
      await Promise.all([...created].flatMap((id) => [revoke(id), create()]));
    } finally {
      await service.end('SIGKILL');
    }
    return { created, revoked };
  }

  const events = async (action: string) => {
    const { rows } = await db.query<{ target_id: string; events: number }>(
      'SELECT target_id, count(*)::int AS events FROM audit_events WHERE action = $1 GROUP BY 1',
      [action],
    );
    return new Map(rows.map(({ target_id, events: n }) => [target_id, n]));
  };
  const ids = async (condition: string) => {
    const { rows } = await db.query<{ id: string }>(`SELECT id FROM api_keys WHERE ${condition}`);
    return rows.map(({ id }) => id);
  };

  it('loses nothing acknowledged, and every change has exactly one audit row', async () => {
    const rounds = count(2, 20);
    const acknowledged = { created: [] as string[], revoked: [] as string[] };
    for (let n = 0; n < rounds; n += 1) {
      const { created, revoked } = await round(1 + Math.floor((n * 180) / rounds));
      acknowledged.created.push(...created);
      acknowledged.revoked.push(...revoked);
    }
    const service = await startProcess(environment);
    try {
      const operator = as(service, operatorKey);
      expect((await operator.get('/readyz')).status).toBe(200);
    } finally {
      await service.end('SIGTERM');
    }
    const keys = await ids('true');
    const revokedKeys = await ids('revoked_at IS NOT NULL');
    const [creations, revocations] = [await events('key.created'), await events('key.revoked')];
    expect(acknowledged.revoked.length).toBeGreaterThan(0);
    expect(acknowledged.created.filter((id) => !keys.includes(id))).toEqual([]);
    expect(acknowledged.revoked.filter((id) => !revokedKeys.includes(id))).toEqual([]);
    expect([...creations.keys()].sort()).toEqual([...keys].sort());
    expect([...revocations.keys()].sort()).toEqual([...revokedKeys].sort());
    expect([...creations.values(), ...revocations.values()].every((n) => n === 1)).toBe(true);
  });
});
