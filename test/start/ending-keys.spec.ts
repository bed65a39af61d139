import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Caller } from '../support/client.js';
import { createDatabase } from '../support/environment.js';
import { startProcess } from '../support/process.js';

describe('Keys of the operators that end soon', () => {
  it('are named at the start, and no others', async () => {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-ending-'));
    const variables = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: randomBytes(32).toString('hex'),
      KEYFENCE_DATA_DIR: dataDir,
    };
    try {
      const first = await startProcess(variables);
      const key = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
      const operator = new Caller(first.url, [], key);
      const { body: self } = await operator.get('/v1/whoami');
      const path = `/v1/orgs/${self.orgId as string}/keys`;
      const create = (name: string, expiresInDays: number) =>
        operator.post(path, { name, scope: 'read', permissions: ['verify:read'], expiresInDays });
      await create('ends soon', 13);
      await create('ends later', 15);
      const { body } = await create('is revoked', 13);
      await operator.delete(`${path}/${body.key.id as string}`);
      await first.end('SIGTERM');
      expect(first.output()).not.toContain('end within 14 days');
      const second = await startProcess(variables);
      await second.end('SIGTERM');
      const line = second.output().match(/.*end within 14 days.*/)?.[0] ?? '';
      expect(line).toContain('ends soon');
      expect(line).not.toMatch(/ends later|is revoked|operator key"/);
    } finally {
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
