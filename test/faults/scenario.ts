import type { Pool } from 'pg';
import { check, type Finding } from './checker.js';
import { Changes } from './changes.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import { Crowds } from './crowds.js';
import { Filler, prepareFiller } from './filler.js';
import { Gate } from './gate.js';
import type { Line } from './history.js';
import { KeyChanges } from './key-changes.js';
import { Mutations } from './mutations.js';
import { Nemesis } from './nemesis.js';
import { Random } from './random.js';
import { Readers } from './readers.js';
import { Sleeper } from './sleeper.js';
import { World } from './world.js';
import { headOf } from '../support/history.js';

export interface ScenarioOptions extends ClusterOptions {
  seed: number;
  /** How long changes and troubles go on. */
  seconds: number;
  /** Verifications that are in flight at each node. */
  readersPerNode: number;
  /** Changes that are made at a time. */
  mutators: number;
  /** Whether anything is harmed by lot, and members have many keys. */
  hasNemesis: boolean;
  /** So many numbers the history has before it begins: more than it keeps, and it has been pruned. */
  age?: number;
  /** Whether services are asked that the guard package protects, instead of nodes themselves. */
  isGuarded?: boolean;
  /** What else is harmed. Changes go on until it is over as well. */
  harm?: (cluster: Cluster, history: Line[]) => Promise<void>;
  /** Where the files of the PostgreSQL server are, if it may be harmed as well. */
  serverDataDir?: string | undefined;
}

export interface Outcome {
  seed: number;
  lines: readonly Line[];
  findings: readonly Finding[];
  /** What the nodes logged that is never due. */
  log: readonly string[];
}

/** Runs the service through one history, and checks it. */
export async function runScenario(options: ScenarioOptions): Promise<Outcome> {
  const cluster = await Cluster.start(options);
  try {
    const lines = await record(cluster, options);
    const log = cluster.nodes.flatMap((node) => node.log);
    return { seed: options.seed, lines, findings: check(lines), log };
  } finally {
    await cluster.stop();
  }
}

async function record(cluster: Cluster, options: ScenarioOptions): Promise<Line[]> {
  const { seconds, readersPerNode, mutators, hasNemesis, age = 0 } = options;
  const history: Line[] = [];
  const cast = await castOf(cluster, options, history);
  const { mutations, readers, crowds, nemesis, filler, gate } = cast;
  if (age > 0) await filler.skip(age);
  await mutations.fill();
  const until = performance.now() + seconds * 1_000;
  let isHarmed = false;
  const harm = async () => {
    try {
      await options.harm?.(cluster, history);
    } finally {
      isHarmed = true;
    }
  };
  const mutate = async () => {
    while (!isHarmed || performance.now() < until) await mutations.step();
  };
  if (options.isGuarded === true) await readers.protect();
  try {
    readers.start(readersPerNode);
    await Promise.all([
      ...Array.from({ length: mutators }, mutate),
      ...(hasNemesis ? [nemesis.run(until), crowds.run(until, gate)] : []),
      harm(),
    ]);
    await crowds.end();
    await readers.stop();
    await readers.round();
    return history;
  } finally {
    readers.close();
  }
}

/** All that make the history. */
async function castOf(cluster: Cluster, { seed, serverDataDir }: ScenarioOptions, history: Line[]) {
  // Of their own, so that one does not depend on how often another one asks.
  const random = (part: number) => new Random(seed * 10 + part);
  const world = await World.create(cluster);
  const changes = new Changes(cluster, history, random(0));
  const crowds = await Crowds.create(cluster, world, changes, history, random(5));
  await prepareFiller(cluster.db);
  const filler = new Filler(cluster.db, history);
  history.push(await beginning(cluster.db));
  const gate = new Gate();
  const keys = new KeyChanges(cluster, world, changes, history, random(1));
  const mutations = new Mutations(world, changes, keys, gate, random(2));
  const readers = new Readers(cluster, world, history, random(3));
  const parts = { cluster, history, crowds, filler, readers, gate, random: random(6) };
  const nemesis = new Nemesis(cluster, history, random(4), new Sleeper(parts), serverDataDir);
  return { mutations, readers, crowds, nemesis, filler, gate };
}

/** The state that the history begins with, as if a change had just led to it. */
export async function beginning(db: Pool): Promise<Line> {
  const begin = performance.now();
  const authSeq = await headOf(db);
  const end = performance.now();
  const change = { type: 'change', kind: 'beginning', target: '', node: -1, begin, end } as const;
  const effect = { attempts: 1, status: undefined, on: [], off: [] };
  return { ...change, ...effect, result: 'ok', authSeq };
}
