import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'expect';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../src/print-config.js', import.meta.url));

const config = (variables: Record<string, string>) =>
  run(process.execPath, [script], { env: cleanEnvironment(variables) });

describe('npm run config', () => {
  it('prints the settings of the environment, and those that hold without', async () => {
    const { stdout } = await config({
      DATABASE_URL: 'postgres://service:hunter2@db/keyfence',
      KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
    });
    const lines = stdout.split('\n');
    expect(lines).toContain('HOST=127.0.0.1  (default)');
    expect(lines).toContain('DATABASE_URL=postgres://service:***@db/keyfence  (set)');
    expect(lines).toContain('KEYFENCE_SECRET=***  (set)');
  });

  it('ends with code 1 and names what is wrong, without its value', async () => {
    const failed = await config({ PORT: 'http', KEYFENCE_SECRET: 'my short secret' }).then(
      () => undefined,
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect(failed?.code).toBe(1);
    expect(failed?.stdout).toMatch(/PORT is not valid\. Allowed: .*KEYFENCE_SECRET is not valid/);
    expect(failed?.stdout).not.toMatch(/my short secret|^HOST=/m);
  });

  it('and the documentation name the same settings', async () => {
    const page = readFileSync(join(projectRoot, 'docs', 'operations.md'), 'utf8');
    const [, table = ''] = /\n## Settings\n([^]*?)\n\n[^|\n]/.exec(page) ?? [];
    const documented = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    const { stdout } = await config({});
    expect([...stdout.matchAll(/^(\w+)=/gm)].map(([, name]) => name)).toEqual(documented);
  });
});
