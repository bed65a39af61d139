import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const outside = createRequire(import.meta.url);

interface Options {
  supportsDynamicImport: boolean;
  supportsStaticESM: boolean;
}

/**
 * Jest gives each test file a registry of its own, and so would load the service, with all that it is
 * made of, once for each. Only what speaks to jest itself has to be in there: everything else is loaded
 * by Node, once for each worker, and lent to the test files. So there is one class of each name, and a
 * clock that is stopped is the service's.
 */
export function process(text: string, path: string, options: Options): { code: string } {
  // Jest also asks for what its own process loads: the set-up of a run.
  const isJest = !options.supportsDynamicImport;
  if (isJest || text.includes("'@jest/globals'")) return { code: text };
  const lent = `requireOutside(${JSON.stringify(path)})`;
  if (!options.supportsStaticESM) return { code: `module.exports = ${lent};\n` };
  const names = Object.keys(outside(path) as object);
  const lines = names.map((name, n) => `const v${n} = lent[${JSON.stringify(name)}];`);
  const exported = names.map((name, n) => `v${n} as ${name}`);
  return {
    code: `const lent = ${lent};\n${lines.join('\n')}\nexport { ${exported.join(', ')} };\n`,
  };
}

/** What a module exports can change without its text: so what it becomes is looked up again each time. */
export const getCacheKey = (text: string, path: string, options: Options): string =>
  createHash('sha256')
    .update(process(text, path, options).code)
    .digest('hex');
