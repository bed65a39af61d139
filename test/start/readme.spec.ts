import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { expect } from 'expect';
import { cleanEnvironment, startProcess, type ServiceProcess } from '../support/process.js';
import { projectRoot } from '../support/project.js';

const run = promisify(execFile);

function quickStart(): string {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const block = /<!-- quick-start:[^]*?```sh\n([^]*?)```/.exec(readme)?.[1];
  if (block === undefined) throw new Error('the README has no quick start');
  return block;
}

/** The JSON values that a script printed, one behind the other. */
function answers(output: string): Record<string, unknown>[] {
  return output
    .replaceAll('}{', '}\n{')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the first steps of the README, on the embedded database', () => {
  let folder: string;
  let service: ServiceProcess;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfence-readme-'));
    service = await startProcess({ KEYFENCE_DATA_DIR: join(folder, '.keyfence') });
  });
  after(async () => {
    await service.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('the first start tells what to do next, and keeps the key out of what is not a terminal', () => {
    const output = service.output();
    expect(output).toContain('curl -s');
    expect(output).toContain('/v1/whoami');
    expect(output).not.toMatch(/kf_[0-9A-Za-z]{42}/);
    expect(statSync(join(folder, '.keyfence', 'operator-key')).mode & 0o777).toBe(0o600);
  });

  it('a key is created, verified, revoked and refused, and the audit log tells it', async () => {
    const script = quickStart().replace('http://127.0.0.1:3000', service.url);
    const { stdout } = await run('sh', ['-eu', '-c', script], {
      cwd: folder,
      env: cleanEnvironment({}),
    });
    const [, whoami, valid, revoked, invalid, audit] = answers(stdout);
    expect(whoami).toMatchObject({ keyName: 'Claude Desktop', orgName: 'Acme', scope: 'read' });
    expect(valid).toMatchObject({ valid: true, code: 'VALID', keyId: whoami?.keyId });
    expect(revoked).toMatchObject({ state: 'revoked', revokeReason: 'lost' });
    expect(invalid).toEqual({ valid: false, code: 'INVALID', authSeq: revoked?.authSeq });
    const events = (audit?.items as { action: string }[]).map(({ action }) => action);
    expect(events).toEqual([
      'key.revoked',
      'key.created',
      'key.created',
      'member.added',
      'org.created',
    ]);
  });

  it('the file with the operator key is gone once the key has been used', () => {
    expect(existsSync(join(folder, '.keyfence', 'operator-key'))).toBe(false);
  });
});
