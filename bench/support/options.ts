import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    samples: { type: 'string' },
    keys: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    other: { type: 'string' },
  },
});

/** @throws Error for what is no whole number, or one that is too small */
function whole(name: string, text: string, min = 1): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < min) {
    throw new Error(`--${name} must be a whole number from ${min}`);
  }
  return number;
}

const positive = (name: Exclude<keyof typeof values, 'keys' | 'other' | 'seed'>) => {
  const text = values[name];
  return text === undefined ? undefined : whole(name, text);
};

/** What the command line says of how long and how often to measure. */
export const options = {
  /** Alternating runs of each variant. */
  rounds: positive('rounds') ?? 5,
  /** Length of each such run, in seconds; each benchmark has its own default. */
  seconds: positive('seconds'),
  /** Requests of each kind, where they are sent one by one; each benchmark has its own default. */
  samples: positive('samples'),
  /** Numbers of keys that the store holds. */
  keys: (values.keys ?? '100,10000').split(',').map((text) => whole('keys', text)),
  /** Unknown keys of the flood, each second. */
  rate: positive('rate') ?? 5_000,
  /** Repeats the random order of an earlier run. */
  seed: values.seed === undefined ? undefined : whole('seed', values.seed, 0),
  /** Folder of another checkout, compiled, to compare this one with. */
  other: values.other,
  /** Length of the soak. */
  minutes: positive('minutes') ?? 30,
};

/** The benchmarks that are named. */
export const names: readonly string[] = positionals;
