import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cleanEnvironment, startProcess, type ServiceProcess } from '../support/process.js';
import { projectRoot } from '../support/project.js';

const run = promisify(execFile);
const operatorKeyCommand = fileURLToPath(new URL('../../src/cli/operator-key.js', import.meta.url));

/** The lines of the first steps, at this address, with the command beside the service as it is compiled here. */
function firstSteps(url: string): string {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const block = /<!-- quick-start:[^]*?```sh\n([^]*?)```/.exec(readme)?.[1];
  if (block === undefined) throw new Error('the README has no first steps');
  return block
    .replace('http://127.0.0.1:3000', url)
    .replace('npm run operator-key', `"${process.execPath}" "${operatorKeyCommand}"`);
}

/** The JSON values that a script printed: each on a line of its own. */
function responses(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the first steps of the README, on the embedded database', () => {
  let folder: string;
  let service: ServiceProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfence-readme-'));
    service = await startProcess({ KEYFENCE_DATA_DIR: join(folder, '.keyfence') });
  });
  afterAll(async () => {
    await service.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  const keyFile = () => join(folder, '.keyfence', 'operator-key');
  /** As in a terminal, where a command that fails does not end the others. */
  const inTerminal = (script: string, variables: Record<string, string> = {}) =>
    run('bash', ['-c', script], {
      cwd: folder,
      env: cleanEnvironment({ KEYFENCE_DATA_DIR: '.keyfence', ...variables }),
    });

  async function expectFirstSteps(script: string): Promise<void> {
    const { stdout, stderr } = await inTerminal(script);
    expect(stderr.replace(/^(Using the Postgres|A new operator key) .*\n/gm, '')).toBe('');
    for (const round of rounds(responses(stdout))) {
      const [whoami, valid, lost, revoked, invalid, audit] = round;
      expect(whoami).toMatchObject({ keyName: 'Claude Desktop', orgName: 'Acme', scope: 'read' });
      expect(valid).toMatchObject({ valid: true, code: 'VALID', keyId: whoami?.keyId });
      expect(lost).toMatchObject({ valid: true, code: 'VALID' });
      expect(revoked).toMatchObject({ id: lost?.keyId, state: 'revoked', revokeReason: 'lost' });
      expect(invalid).toEqual({ valid: false, code: 'INVALID', authSeq: revoked?.authSeq });
      const events = (audit?.items as { action: string }[]).map(({ action }) => action);
      expect(events).toEqual([
        ...['key.revoked', 'key.created', 'key.created', 'key.created'],
        ...['member.added', 'org.created'],
      ]);
    }
  }

  it('the first start writes the operator key for its user alone, and logs where it is', () => {
    expect(service.output()).toContain(`"operatorKeyFile":"${keyFile()}"`);
    expect(service.output()).not.toMatch(/kf_[0-9A-Za-z]{42}/);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  });

  it('work twice in one terminal, and leave what the examples need', async () => {
    const steps = firstSteps(service.url);
    const left = 'call GET /v1/whoami "$API_KEY" && call GET /v1/whoami "$KEYFENCE_SERVICE_KEY"';
    await expectFirstSteps(`set -eu\n${steps}\n${steps}`);
    const { stdout } = await inTerminal(`set -eu\n${steps}\n${left}`);
    expect(responses(stdout).slice(-2)).toMatchObject([
      { keyName: 'Claude Desktop', permissions: expect.arrayContaining(['telemetry:read']) },
      { keyName: 'my service', permissions: ['verify:read'] },
    ]);
  });

  it('work in another terminal, where the operator key was used, and after it was lost', async () => {
    await rm(keyFile(), { force: true });
    await expectFirstSteps(`set -eu\n${firstSteps(service.url)}`);
    await expectFirstSteps(`set -eu\n${firstSteps(service.url)}`);
  });

  it('fail loudly: each call says that it failed and why', async () => {
    const { stdout, stderr } = await inTerminal(`${firstSteps(service.url)}\ntrue`, {
      OPERATOR_KEY: 'kf_wrong',
    });
    expect(stderr).toContain('failed: POST /v1/orgs\n');
    expect(stderr).toMatch(/no id in: \{.*"code":"unauthenticated"/);
    expect(stdout + stderr).not.toMatch(/undefined|TypeError|at Object/);
  });
});

/** The first steps print six values. */
function rounds(values: Record<string, unknown>[]): Record<string, unknown>[][] {
  expect(values.length % 6).toBe(0);
  expect(values.length).toBeGreaterThan(0);
  return Array.from({ length: values.length / 6 }, (_, n) => values.slice(6 * n, 6 * n + 6));
}
