import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rows } from '../../src/config/setting-parts.js';
import { SettingsTable } from '../../src/config/settings-table.js';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../src/cli/print-config.js', import.meta.url));

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
    expect(failed?.stderr).toMatch(/PORT is not valid\. Allowed: [^]*KEYFENCE_SECRET is not valid/);
    expect(failed?.stderr).not.toContain('my short secret');
    expect(failed?.stdout).toBe('');
  });

  it('names variables that are no settings, apart from the settings', async () => {
    const { stdout, stderr } = await config({ KEYFENCE_TRUSTED_PROXY: '10.0.0.0/8' });
    expect(stderr).toBe(
      'KEYFENCE_TRUSTED_PROXY is not a setting, and is ignored. Do you mean KEYFENCE_TRUSTED_PROXIES?\n',
    );
    expect(stdout).not.toContain('KEYFENCE_TRUSTED_PROXY=');
  });

  it('and the documentation say the same of each setting: its default, and what it is for', async () => {
    const page = readFileSync(join(projectRoot, 'docs', 'operations.md'), 'utf8');
    const [, table = ''] = /\n## Settings\n([^]*?)\n\n[^|\n]/.exec(page) ?? [];
    const [, , ...lines] = table.trim().split('\n');
    const documented = lines.map((line) => line.split('|').map((cell) => cell.trim()));
    const defaults = new Map<string, unknown>(Object.entries(new SettingsTable()));
    const inCode = rows.map(({ name, field, unset, meaning }) => {
      const value = defaults.get(field);
      const fixed = typeof value === 'number' ? String(value) : `\`${String(value)}\``;
      return ['', `\`${name}\``, unset ?? fixed, meaning, ''];
    });
    expect(documented).toEqual(inCode);
    const { stdout } = await config({});
    expect([...stdout.matchAll(/^(\w+)=/gm)].map(([, name]) => name)).toEqual(
      rows.map(({ name }) => name),
    );
  });
});
