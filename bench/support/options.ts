import { parseArgs } from 'node:util';
import { z } from 'zod';

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
  },
});

const positive = z.coerce.number().int().positive();

/** What the command line says of how long and how often to measure. */
export const options = z
  .object({
    /** Alternating runs of each variant. */
    rounds: positive.default(5),
    /** Length of each such run, in seconds; each benchmark has its own default. */
    seconds: positive.optional(),
    /** Requests of each kind, where they are sent one by one; each benchmark has its own default. */
    samples: positive.optional(),
    /** Numbers of keys that the store holds. */
    keys: z
      .string()
      .default('100,10000')
      .transform((list) => list.split(',').map(Number))
      .pipe(z.array(z.int().positive())),
    /** Unknown keys of the flood, each second. */
    rate: positive.default(5_000),
    /** Repeats the random order of an earlier run. */
    seed: z.coerce.number().int().min(0).optional(),
    /** Length of the soak. */
    minutes: positive.default(30),
  })
  .parse(values);

/** The benchmarks that are named. */
export const names: readonly string[] = positionals;
