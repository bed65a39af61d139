import { withTestServer } from '../test/support/server.js';
import { pinToFirstCore } from './support/cores.js';
import { names } from './support/options.js';

/**
 * Runs the benchmarks that are named, or all but the long ones, with a database server at hand: that
 * of DATABASE_URL or an embedded one. The load generator and the embedded server share core 0, what
 * is measured has core 1 to itself.
 */
const benchmarks = [
  'guard',
  'fence',
  'memory',
  'verify',
  'adapters',
  'flood',
  'revoke',
  'history',
  'neighbours',
  'list',
  'jobs',
  'usage',
  'console',
];
const known = [...benchmarks, 'other', 'timing', 'soak'];

const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${known.join(', ')}`);

pinToFirstCore();
await withTestServer(async () => {
  for (const name of names.length > 0 ? names : benchmarks) {
    console.log(`\n## ${name}\n`);
    await import(`./${name}/${name}.bench.js`);
  }
});
