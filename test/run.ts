import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { projectRoot } from './support/project.js';
import { withTestServer } from './support/server.js';

/**
 * Runs the tests on the server of DATABASE_URL, or on an embedded one of their own.
 *
 * Arguments: `--full` for the larger counts; anything else selects the files whose path has it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--'));
const processes = 8;

async function testFiles(): Promise<string[]> {
  const all = await readdir(root, { recursive: true });
  // The compiler leaves the output of files that were moved or deleted.
  const hasSource = (file: string) => existsSync(join(projectRoot, file.replace(/js$/, 'ts')));
  return all
    .filter((file) => file.endsWith('.spec.js') && hasSource(file))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .sort()
    .map((file) => join(root, file));
}

/**
 * Loading the service takes longer than most files that speak HTTP to it: those share processes.
 * Each still has a service and a database of its own.
 */
async function shareProcesses(files: string[]): Promise<string[]> {
  const isShared = (file: string) => file.includes(`${sep}http${sep}`);
  const shared = files.filter(isShared);
  const folder = join(root, 'bundles');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const bundles = Array.from({ length: Math.min(processes, shared.length) }, (_, n) => ({
    path: join(folder, `http-${n}.js`),
    members: shared.filter((_file, index) => index % processes === n),
  }));
  for (const { path, members } of bundles) {
    const imports = members.map((file) => `import '${pathToFileURL(file).href}';\n`);
    await writeFile(path, imports.join(''));
  }
  return [...bundles.map(({ path }) => path), ...files.filter((file) => !isShared(file))];
}

async function runFiles(files: string[]): Promise<void> {
  // One process a file. Many of them wait for a lock or a process now and then.
  const results = run({ files, concurrency: 3, timeout: 30 * 60_000 });
  let passed = 0;
  let failed = 0;
  results.on('test:pass', ({ details, skip }) => {
    if (details.type !== 'suite' && skip === undefined) passed += 1;
  });
  results.on('test:fail', () => {
    failed += 1;
    process.exitCode = 1;
  });
  const report = results.compose(new spec());
  for await (const text of report) process.stdout.write(text as string);
  console.log(`\n${passed} passed, ${failed} failed`);
}

const files = await testFiles();
if (files.length === 0) throw new Error(`no test file has ${wanted.join(' or ')} in its path`);
await withTestServer(async () => {
  if (args.includes('--full')) process.env.KEYFENCE_TEST_FULL = '1';
  console.log(`${files.length} files, the first is ${relative(root, files[0] ?? '')}`);
  await runFiles(await shareProcesses(files));
});
