import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { promisify } from 'node:util';
import { Caller } from '../support/client.js';
import {
  createDatabase,
  createEmptyDatabase,
  isFull,
  type Database,
} from '../support/environment.js';
import { createKey, createOrganisation } from '../support/organisation.js';
import { cleanEnvironment, runCommand, startProcess } from '../support/process.js';
import { projectRoot } from '../support/project.js';
import { describeUnless } from '../support/unless.js';

const run = promisify(execFile);

/** The embedded server comes without the programs that make backups. */
const noPrograms = !isFull && 'npm run test:full has pg_dump';

describeUnless(noPrograms, 'a backup, as docs/operations.md has it', () => {
  let folder: string;
  let original: Database;
  let copy: Database;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfence-backup-'));
    original = await createDatabase();
    copy = await createEmptyDatabase();
  });
  afterAll(async () => {
    await original.drop();
    await copy.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = ({ url }: Database) => ({
    DATABASE_URL: url,
    KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
    KEYFENCE_DATA_DIR: folder,
  });

  /** Runs what the document says. */
  async function follow(name: string, database: Database): Promise<void> {
    const page = await readFile(join(projectRoot, 'docs', 'operations.md'), 'utf8');
    const [, script] = new RegExp(`<!-- ${name}:[^]*?\`\`\`sh\\n([^]*?)\`\`\``).exec(page) ?? [];
    if (script === undefined) throw new Error(`no ${name} in docs/operations.md`);
    const env = cleanEnvironment(environment(database));
    await run('sh', ['-eu', '-c', script], { cwd: folder, env });
  }

  it('brings everything back, and the chain and the promise hold from then on', async () => {
    const service = await startProcess(environment(original));
    const operatorKey = (await readFile(join(folder, 'operator-key'), 'utf8')).trim();
    const as = (url: string, key: string) => new Caller(url, [], key);
    const site = {
      operator: as(service.url, operatorKey),
      as: (key: string) => as(service.url, key),
    };
    const org = await createOrganisation(site);
    const stored = await createKey(org.member, org);
    const doomed = await createKey(org.member, org);
    await org.manager.delete(org.path(`/keys/${doomed.id}`));
    await follow('back-up', original);
    const later = await createKey(org.member, org);
    await service.end('SIGTERM');

    await follow('restore', copy);
    expect((await runCommand('restore-mark', environment(copy))).code).toBe(0);
    const restored = await startProcess(environment(copy));
    const statusOf = async (key: string) => (await as(restored.url, key).get('/v1/whoami')).status;
    expect(await statusOf(stored.secret)).toBe(200);
    expect(await statusOf(doomed.secret)).toBe(401);
    expect(await statusOf(later.secret)).toBe(401);
    const manager = as(restored.url, org.manager.key);
    const created = await createKey({ ...org.manager, post: manager.post }, org);
    expect(await statusOf(created.secret)).toBe(200);
    await manager.delete(org.path(`/keys/${stored.id}`));
    expect(await statusOf(stored.secret)).toBe(401);
    await restored.end('SIGTERM');
    const { code, output } = await runCommand('audit-verify', environment(copy));
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/rows|head/i) });
  });
});
