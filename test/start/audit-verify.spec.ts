import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatHead, signatureOf, type ChainHead } from '../../src/audit/chain.js';
import { addEvents, verifyNow } from '../support/chain.js';
import { createOrganisation } from '../support/organisation.js';
import { runCommand } from '../support/process.js';
import { startService, type Service } from '../support/service.js';

describe('npm run audit:verify', () => {
  let service: Service;
  let head: ChainHead;

  /** Runs it as people do. */
  function run(...args: string[]): ReturnType<typeof runCommand> {
    const { databaseUrl, secrets, dataDir } = service.settings;
    const variables = {
      DATABASE_URL: databaseUrl,
      KEYFENCE_SECRET: `${'of a later time '.repeat(3)},${secrets.join(',')}`,
      KEYFENCE_DATA_DIR: dataDir,
    };
    return runCommand('audit-verify', variables, args);
  }

  beforeAll(async () => {
    service = await startService();
    const org = await createOrganisation(service);
    await addEvents(service.db, org.id, 30);
    ({ head } = await verifyNow(service.db));
  });
  afterAll(() => service.stop());

  it('prints how many rows there are, and the head', async () => {
    const { seq, hash } = head;
    expect(await run()).toMatchObject({
      code: 0,
      output: `The audit log is intact: ${seq} rows, head ${seq}:${hash}\n`,
    });
  });

  it('compares with copies of heads, and with the lines of the log as they are', async () => {
    const signature = signatureOf(head, service.settings.secrets[0] ?? '');
    const [first] = service.log.flatMap((line) => /"auditHead":"([^"]+)"/.exec(line)?.[1] ?? []);
    const copy = formatHead(head);
    const { code } = await run(
      `--expect=${first ?? ''}`,
      '--expect',
      copy,
      `--expect=${copy}:${signature}`,
    );
    expect(code).toBe(0);
    const other = await run('--expect', `${head.seq}:${'0'.repeat(64)}`);
    expect(other).toMatchObject({ code: 1, output: expect.stringContaining('TAMPERED') });
    expect(other.output).toContain(`row ${head.seq} differs from the copy`);
    const longer = await run('--expect', `${head.seq + 1}:${head.hash}`);
    expect(longer).toMatchObject({ code: 1, output: expect.stringContaining('is missing') });
  });

  it('refuses a copy that is none, or that somebody else signed', async () => {
    const signature = signatureOf(head, 'another secret of thirty-two characters');
    const forged = await run('--expect', `${formatHead(head)}:${signature}`);
    expect(forged).toMatchObject({ code: 1, errors: expect.stringContaining('signature of head') });
    for (const text of ['', '5', `x:${head.hash}`, `5:${head.hash.slice(1)}`, `-5:${head.hash}`]) {
      const refused = await run(`--expect=${text}`);
      expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('--expect takes') });
    }
  });

  it('names a log that is shorter than what nodes of this data directory have seen', async () => {
    const file = join(service.settings.dataDir, 'audit-head');
    const seen = await readFile(file, 'utf8');
    const [, epoch = ''] = seen.split(' ');
    try {
      await writeFile(file, `${head.seq + 5}:${head.hash} ${epoch}`);
      expect(await run()).toMatchObject({
        code: 1,
        output: expect.stringContaining(
          `TAMPERED: row ${head.seq + 1} is missing: ${file} knows ${head.seq + 5} rows\n`,
        ),
      });
      await writeFile(file, `${head.seq}:${'0'.repeat(64)} ${epoch}`);
      expect(await run()).toMatchObject({
        code: 1,
        output: expect.stringContaining(`TAMPERED: row ${head.seq} differs from ${file}`),
      });
      await writeFile(file, 'no head');
      expect(await run()).toMatchObject({
        code: 1,
        errors: expect.stringContaining(`${file} holds no head of the audit chain`),
      });
    } finally {
      await writeFile(file, seen);
    }
  });

  it('makes no database where there is none, and says so', async () => {
    const dataDir = join(service.settings.dataDir, 'elsewhere');
    const { code, errors } = await runCommand('audit-verify', { KEYFENCE_DATA_DIR: dataDir });
    expect(code).toBe(1);
    expect(errors).toContain(
      `DATABASE_URL is not set, and there is no embedded database in ${dataDir}`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('names what is wrong, and ends with 1', async () => {
    await service.db.query(`
      ALTER TABLE audit_events DISABLE TRIGGER ALL;
      UPDATE audit_events SET ip = '192.0.2.1'
        WHERE id = (SELECT event_id FROM audit_chain WHERE seq = 20)`);
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(
      /^TAMPERED: row 20: event aud_\w+ was changed, swapped or inserted, .*\nIntact up to row 19, head 19:[0-9a-f]{64}\n$/,
    );
  });

  it('does not take a database that it cannot read for an intact one', async () => {
    await service.db.query('ALTER TABLE audit_chain RENAME TO elsewhere');
    const { code, output, errors } = await run();
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('audit_chain');
  });
});
