import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the sources; tests run compiled, somewhere below it. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'tsconfig.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('no tsconfig.json above the tests');
  return findRoot(dirname(folder));
}
