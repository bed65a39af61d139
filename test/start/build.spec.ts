import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../support/project.js';

/** The program on a project of one line, with the settings and the compiler of this one. */
describe('scripts/build.js service', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'keyfence-build-'));
    const embedded = 'packages/embedded-postgres';
    for (const folder of ['scripts', 'src', `${embedded}/src`]) {
      await mkdir(join(root, folder), { recursive: true });
    }
    const settings = ['tsconfig.json', 'tsconfig.build.json', `${embedded}/tsconfig.json`];
    for (const file of ['scripts/build.js', ...settings]) {
      await copyFile(join(projectRoot, file), join(root, file));
    }
    await writeFile(join(root, 'package.json'), '{ "type": "module" }');
    await write('1');
    await writeFile(join(root, embedded, 'src/index.ts'), 'export {};\n');
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const write = (value: string) =>
    writeFile(join(root, 'src/main.ts'), `export const value: number = ${value};\n`);
  const compiled = () => readFile(join(root, 'dist/main.js'), 'utf8');
  const build = () =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const args = [join(root, 'scripts/build.js'), 'service'];
      execFile(process.execPath, args, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      });
    });
  const done = { code: 0, stdout: '', stderr: 'Building the service...\n' };
  const nothing = { code: 0, stdout: '', stderr: '' };

  it('builds what has changed, and else nothing', async () => {
    expect(await build()).toEqual(done);
    expect(await build()).toEqual(nothing);
    await write('22');
    expect(await build()).toEqual(done);
    expect(await compiled()).toContain('value = 22');
    await writeFile(join(root, 'src/another.ts'), 'export {};\n');
    expect(await build()).toEqual(done);
    await rm(join(root, 'src/another.ts'));
    expect(await build()).toEqual(done);
    expect(await build()).toEqual(nothing);
  });

  it('ends with what the compiler says, each time until it is mended', async () => {
    await write("'text'");
    for (let n = 0; n < 2; n += 1) {
      const { code, stdout, stderr } = await build();
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('src/main.ts(1,14): error TS2322');
    }
    await write('3');
    expect(await build()).toEqual(done);
  });

  it('says what is missing where only what runs the service was installed', async () => {
    expect(await build()).toEqual(nothing);
    await rm(join(root, 'node_modules'));
    expect(await build()).toEqual(nothing);
    await write('4');
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr).toContain('typescript is missing: run "npm ci --include=dev" first');
  });
});
