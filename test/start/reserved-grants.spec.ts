import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Caller } from '../support/client.js';
import { createDatabase } from '../support/environment.js';
import { createOrganisation } from '../support/organisation.js';
import { startProcess } from '../support/process.js';

describe('Grants on resources that are now reserved', () => {
  it('are logged at the start, with the organisations that have them', async () => {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-reserved-'));
    const variables = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: randomBytes(32).toString('hex'),
      KEYFENCE_DATA_DIR: dataDir,
    };
    const db = new Client({ connectionString: database.adminUrl });
    await db.connect();
    try {
      const first = await startProcess(variables);
      const key = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
      const as = (secret: string) => new Caller(first.url, [], secret);
      const org = await createOrganisation({ operator: as(key), as });
      const other = await createOrganisation({ operator: as(key), as });
      await first.end('SIGTERM');
      expect(first.output()).not.toContain('now reserved');
      await db.query(`UPDATE organisations SET grants = '{limits:read}' WHERE id = $1`, [org.id]);
      const second = await startProcess(variables);
      await second.end('SIGTERM');
      const line = second.output().match(/.*now reserved.*/)?.[0] ?? '';
      expect(line).toContain(org.id);
      expect(line).toContain(`The ${org.slug}`);
      expect(line).not.toContain(other.id);
    } finally {
      await db.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
