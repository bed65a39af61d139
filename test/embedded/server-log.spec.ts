import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { closeSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logEnd, logTail, trimLog } from '@keyfence/embedded-postgres/internal/server-log';

describe('the log of the embedded server', () => {
  let directory: string;
  let log: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'keyfence-log-'));
    log = join(directory, 'postgres.log');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('stays bounded while a server goes on writing to it', async () => {
    const fd = openSync(log, 'a');
    for (let i = 0; i < 5; i++) {
      writeSync(fd, `${'x'.repeat(1000)}\n`);
      await trimLog(log, 1500);
    }
    closeSync(fd);
    expect(await readdir(directory)).toEqual(['postgres.log', 'postgres.log.1']);
    expect((await stat(log)).size).toBeLessThan(2500);
    expect((await stat(`${log}.1`)).size).toBeLessThan(2500);
  });

  it('gives an error the last lines of this start only', async () => {
    await writeFile(log, 'of an earlier start\n');
    const from = await logEnd(log);
    await writeFile(log, 'FATAL: reason\n', { flag: 'a' });
    expect(await logTail(log, from)).toBe('FATAL: reason');
    expect(await logTail(join(directory, 'missing'), 0)).toBe('');
    expect(await readFile(log, 'utf8')).toContain('earlier');
  });
});
