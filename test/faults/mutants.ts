import type { ClusterOptions } from './cluster.js';
import { noTriggers } from './mutants/no-triggers.js';
import { notify } from './mutants/notify.js';
import { sequence } from './mutants/sequence.js';
import { schedules } from './schedules.js';
import { Stage } from './stage.js';

/** A service that is broken on purpose: one clause of what keeps the promise is left out. */
export interface Mutant extends Pick<ClusterOptions, 'preload' | 'patches'> {
  readonly name: string;
  /** What it does in place of the clause. */
  readonly mistake: string;
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
    ...inProcess('notify-only', 'what was read is used until a message tells of a change'),
    patches: [notify],
  },
  inProcess('cached-verdict', 'a verdict is used again while the history stands still'),
  inProcess('join-sent-query', 'a request joins a query that has been sent'),
  inProcess('no-second-look', 'what is kept is not looked up again behind the query'),
  inProcess('two-statements', 'records and history come from two statements'),
  inProcess('keep-late-records', 'a record is kept without comparing its state'),
  { name: 'sequence', mistake: 'numbers come from a sequence', patches: [sequence] },
  {
    ...inProcess('application-log', 'the service writes the history, not triggers'),
    patches: [noTriggers],
  },
  inProcess('allow-on-error', 'what the database said last is used when it does not answer'),
  inProcess('node-clock', 'expiry is judged on the clock of the node'),
  inProcess('unconfirmed-commit', 'a change whose COMMIT failed is answered with success'),
];

/**
 * Plays the schedules on a mutant until the checker finds a stale accept.
 *
 * @returns undefined when there is none
 */
export async function hunt(mutant: Mutant): Promise<Catch | undefined> {
  const stage = await Stage.start(mutant);
  try {
    const begin = performance.now();
    for (const [schedule, steps] of Object.entries(schedules)) {
      const { findings } = await stage.play(steps);
      const seconds = (performance.now() - begin) / 1_000;
      if (findings.some(({ rule }) => rule === 'stale accept')) return { schedule, seconds };
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
