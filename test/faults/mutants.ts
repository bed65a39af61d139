import type { Finding } from './checker.js';
import type { ClusterOptions } from './cluster.js';
import { collapseLost } from './mutants/collapse-lost.js';
import { playFailover } from './failover.js';
import { forgetRemoval } from './mutants/forget-removal.js';
import { noTriggers } from './mutants/no-triggers.js';
import { notify } from './mutants/notify.js';
import { originOnly } from './mutants/origin-only.js';
import { reAdd } from './mutants/re-add.js';
import { sequence } from './mutants/sequence.js';
import { trustSetting } from './mutants/trust-setting.js';
import { unwatchedColumn } from './mutants/unwatched-column.js';
import { schedules } from './schedules.js';
import { Stage, type Played } from './stage.js';

/** A service that is broken on purpose: one clause of what keeps the promise is left out. */
export interface Mutant extends Pick<ClusterOptions, 'preload' | 'patches'> {
  readonly name: string;
  /** What it does in place of the clause. */
  readonly mistake: string;
  /** What it takes to catch it, where the schedules of the common stage do not do. */
  readonly own?: { readonly schedule: string; readonly play: (broken: Mutant) => Promise<Played> };
}

/** The schedule in which a mutant accepted a key that it had to refuse. */
export interface Catch {
  readonly schedule: string;
  /** Since the first schedule began. */
  readonly seconds: number;
}

const inProcess = (name: string, mistake: string): Mutant => ({
  name,
  mistake,
  preload: [new URL(`mutants/${name}.js`, import.meta.url).href],
});

export const mutants: readonly Mutant[] = [
  inProcess('ttl-cache', 'what was found is used for two seconds'),
  {
    ...inProcess('notify-only', 'what was read is used until a message names a change'),
    patches: [notify],
  },
  inProcess('cached-verdict', 'a verdict is used again while the history stands still'),
  inProcess('join-sent-query', 'a request joins a query that has been sent'),
  inProcess('no-second-look', 'what is cached is not looked up again behind the query'),
  inProcess('two-statements', 'records and history come from two statements'),
  inProcess('keep-late-records', 'a record is stored without comparing its state'),
  { name: 'sequence', mistake: 'numbers come from a sequence', patches: [sequence] },
  {
    ...inProcess('application-log', 'the service writes the history, not triggers'),
    patches: [noTriggers],
  },
  inProcess('allow-on-error', 'what the database said last is used when it does not respond'),
  inProcess('node-clock', 'expiry is judged on the clock of the node'),
  {
    name: 'collapse-lost',
    mistake: 'many changes of one transaction are noted as none',
    patches: [collapseLost],
  },
  inProcess('ignore-gap', 'numbers that the history does not have are not missed'),
  inProcess('cut-log', 'a history that was cut off is taken for whole'),
  inProcess('late-time', 'what is cached is judged at the time of a late response'),
  inProcess('text-times', 'times are read as text, in whatever style the database has'),
  {
    name: 'trust-setting',
    mistake: 'a setting alone says that the history has noted enough',
    patches: [trustSetting],
  },
  {
    name: 'origin-only',
    mistake: 'changes that a session only repeats are not noted',
    patches: [originOnly],
  },
  {
    name: 'unwatched-column',
    mistake: 'a key that becomes data-only is not noted',
    patches: [unwatchedColumn],
  },
  inProcess('no-membership', 'a key is judged without the membership of its owner'),
  {
    name: 're-add',
    mistake: 'members come back before all of their keys are revoked',
    patches: [reAdd],
  },
  {
    name: 'forget-removal',
    mistake: 'a membership that SQL ends leaves the keys as they are',
    patches: [forgetRemoval],
  },
  inProcess('unconfirmed-commit', 'a change whose COMMIT failed is reported as a success'),
  {
    ...inProcess('older-timeline', 'a primary that was replaced is listened to'),
    own: { schedule: 'a standby has become the primary', play: playFailover },
  },
];

/**
 * Plays schedules on a mutant until the checker finds a stale accept.
 *
 * @returns undefined when there is none
 */
export async function hunt(mutant: Mutant): Promise<Catch | undefined> {
  if (mutant.own === undefined) return huntOnStage(mutant);
  const { schedule, play } = mutant.own;
  const begin = performance.now();
  const { findings } = await play(mutant);
  return isCaught(findings)
    ? { schedule, seconds: (performance.now() - begin) / 1_000 }
    : undefined;
}

const isCaught = (findings: readonly Finding[]) =>
  findings.some(({ rule }) => rule === 'stale accept');

async function huntOnStage(mutant: Mutant): Promise<Catch | undefined> {
  const stage = await Stage.start(mutant);
  try {
    const begin = performance.now();
    for (const [schedule, steps] of Object.entries(schedules)) {
      const { findings } = await stage.play(steps);
      const seconds = (performance.now() - begin) / 1_000;
      if (isCaught(findings)) return { schedule, seconds };
    }
    return undefined;
  } finally {
    await stage.stop();
  }
}

/** One line. */
export function describeHunt({ name, mistake }: Mutant, caught: Catch | undefined): string {
  const how =
    caught === undefined
      ? 'NOT CAUGHT'
      : `caught after ${caught.seconds.toFixed(1)} s when ${caught.schedule}`;
  return `${name} (${mistake}): ${how}`;
}
