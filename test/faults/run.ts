import { parseArgs } from 'node:util';
import { withTestServer } from '../support/server.js';
import { keepHistory } from './history.js';
import { describeHunt, hunt, mutants } from './mutants.js';
import { describe, Totals } from './report.js';
import { runScenario } from './scenario.js';

/**
 * Runs the service through random histories with faults, and checks each against the promise, on the
 * server of DATABASE_URL or an embedded one. Ends with 1 when a history breaks it.
 *
 * Arguments: `--minutes` or `--seconds` for each seed; `--seeds 1,2,3`, a random one when left out;
 * `--nodes`; `--readers`, verifications in flight at each node; `--calm` for no faults;
 * `--guarded` to ask services that the guard package protects, one in front of each node;
 * `--beside <folder>` for a compiled checkout of another release, which the first node then runs, and
 * every other one. These are spared long sleeps, which break the promise up to 0.1.0.
 *
 * With `--mutants` it breaks the service on purpose instead, in one way after the other, and ends with 1
 * when one of them is not noticed.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seconds: { type: 'string' },
    seeds: { type: 'string' },
    nodes: { type: 'string', default: '3' },
    readers: { type: 'string', default: '8' },
    calm: { type: 'boolean', default: false },
    guarded: { type: 'boolean', default: false },
    beside: { type: 'string' },
    mutants: { type: 'boolean', default: false },
  },
});

function number(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a positive number`);
  return value;
}

const seconds =
  values.seconds === undefined
    ? 60 * number('minutes', values.minutes)
    : number('seconds', values.seconds);
const seeds = (values.seeds ?? String(1 + Math.floor(Math.random() * 1e6)))
  .split(',')
  .map((seed) => number('seeds', seed));
/** Numbers of the history before it begins; it keeps 10,000. */
const age = 12_000;
const nodes = number('nodes', values.nodes);
const readersPerNode = number('readers', values.readers);

async function runHistories(dataDir: string | undefined): Promise<boolean> {
  const totals = new Totals();
  for (const seed of seeds) {
    console.log(`\nseed ${seed}: ${nodes} nodes, ${seconds} s`);
    const outcome = await runScenario({
      seed,
      seconds,
      nodes,
      readersPerNode,
      mutators: 8,
      hasNemesis: !values.calm,
      isGuarded: values.guarded,
      beside: values.beside,
      age,
      serverDataDir: dataDir,
    });
    console.log(describe(outcome));
    if (outcome.findings.length > 0) {
      console.log(`the history is in ${await keepHistory(seed, outcome.lines)}`);
    }
    totals.add(outcome);
  }
  console.log(`\nin all\n${totals.toString()}`);
  return totals.areSound;
}

async function runMutants(): Promise<boolean> {
  let caught = 0;
  for (const mutant of mutants) {
    const found = await hunt(mutant);
    if (found !== undefined) caught += 1;
    console.log(describeHunt(mutant, found));
  }
  console.log(`${caught} of ${mutants.length} mutants caught`);
  return caught === mutants.length;
}

await withTestServer(async ({ dataDir }) => {
  const isSound = values.mutants ? await runMutants() : await runHistories(dataDir);
  if (!isSound) process.exitCode = 1;
});
