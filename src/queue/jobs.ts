import { UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import { id } from '../common/schema.js';

/**
 * Uses of keys on one day (UTC), gathered by one process. Process and sequence name it: one that
 * arrives again counts once.
 */
export const UsageFlush = z.strictObject({
  processId: z.uuid(),
  sequence: z.int32().positive(),
  day: z.iso.date(),
  /** No key twice. */
  uses: z.array(
    z.strictObject({
      keyId: id('key'),
      count: z.int().positive(),
      /** Milliseconds since 1970, on the database's clock. */
      lastUsedAt: z.int(),
      ip: z.string().nullable(),
      userAgent: z.string().nullable(),
    }),
  ),
});
export type UsageFlush = z.infer<typeof UsageFlush>;

/** What is left to do is told by the database. */
const Sweep = z.strictObject({});

/** An attempt to tell somebody something. */
const Delivery = z.strictObject({ deliveryId: id('dlv') });

/** A link to sign in with, for whoever has this address, if anybody does. */
const SignIn = z.strictObject({ email: z.email() });

export interface JobKind {
  /** What a job carries. It is checked again where the job runs. No secret is ever part of it. */
  payload: z.ZodType;
  /** How often it is tried until it is left for a person to look at; see `retryDelay`. */
  attempts: number;
  /** How many one process runs at a time. */
  concurrency: number;
  /** Whether it is left there for a person then. Else its id is free again at once. */
  isKept: boolean;
  /** Milliseconds between two that come by themselves, without a payload. */
  every?: number;
}

/**
 * Every kind of job. Each has a queue of its own, so that none holds up another. Any job may run
 * twice, and after a later one.
 */
export const jobs = {
  /** About a day of attempts: the database may be away for long. */
  usage: { payload: UsageFlush, attempts: 1_500, concurrency: 1, isKept: true },
  /** The next one does what this one did not. */
  sweep: { payload: Sweep, attempts: 1, concurrency: 1, isKept: false, every: 60_000 },
  // They are added again as long as their rows wait. Slow receivers do not hold up mail.
  email: { payload: Delivery, attempts: 1, concurrency: 5, isKept: false },
  webhook: { payload: Delivery, attempts: 1, concurrency: 50, isKept: false },
  /** Within the time that somebody waits for a mail. Nobody can do anything for it later. */
  'sign-in': { payload: SignIn, attempts: 6, concurrency: 5, isKept: false },
} as const satisfies Record<string, JobKind>;

export type JobName = keyof typeof jobs;
export type Payload<Name extends JobName> = z.infer<(typeof jobs)[Name]['payload']>;

export const jobNames = Object.keys(jobs) as JobName[];

/** @throws UnrecoverableError for what is none: trying again would not help */
export function readPayload<Name extends JobName>(name: Name, data: unknown): Payload<Name> {
  const parsed = jobs[name].payload.safeParse(data);
  if (parsed.success) return parsed.data as Payload<Name>;
  const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'all of it');
  throw new UnrecoverableError(`the payload is not valid: ${paths.join(', ')}`);
}

/** Milliseconds until a job is tried again that has failed this often: doubled up to a minute. */
export function retryDelay(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 60_000);
}
