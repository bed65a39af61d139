import { UnrecoverableError } from 'bullmq';
import { isInt } from 'class-validator';
import type { Class } from '../common/field.js';
import {
  Characters,
  Day,
  IdOf,
  Integer,
  isEmailAddress,
  isObject,
  ListOf,
  Literally,
  Nested,
  Nullable,
  Optional,
  TextThat,
  Uuid,
  Whole,
} from '../common/fields.js';
import type { DeliveryId, KeyId } from '../common/ids.js';
import { quickCheckOf } from '../common/quick-check.js';
import { prune, read, Unreadable } from '../common/reading.js';

/**
 * The version of a job's payload. When a release raises it, older workers do not know it, and put the
 * job back. Workers of the previous release drop a payload with an unknown field. So kinds that they
 * know are sent without a version, which means 1, until the next release.
 */
const Version = () => Literally(1);

/** Uses of one key. */
class UsesOfKey {
  @IdOf('key')
  keyId!: KeyId;

  @Whole(1, Number.MAX_SAFE_INTEGER)
  count!: number;

  /** Milliseconds since 1970, on the database's clock. */
  @Integer()
  lastUsedAt!: number;

  @Nullable()
  @Characters()
  ip!: string | null;

  @Nullable()
  @Characters()
  userAgent!: string | null;
}

/**
 * Uses of keys on one day (UTC), counted by one process. It is identified by process and sequence, and
 * counts once even if it arrives again.
 */
export class UsageFlush {
  @Optional()
  @Version()
  v?: 1;

  @Uuid()
  processId!: string;

  @Whole(1, 2 ** 31 - 1)
  sequence!: number;

  @Day()
  day!: string;

  /** Each key at most once. */
  @ListOf(Nested(UsesOfKey))
  uses!: UsesOfKey[];
}

/** The database says what is left to do. */
class Sweep {
  @Optional()
  @Version()
  v?: 1;
}

class Removal {
  @Version()
  v!: 1;
}

/** An attempt to deliver something. */
class Delivery {
  @Optional()
  @Version()
  v?: 1;

  @IdOf('dlv')
  deliveryId!: DeliveryId;
}

/** Sends a sign-in link to the person with this address, if there is one. */
class SignIn {
  @Optional()
  @Version()
  v?: 1;

  @TextThat(isEmailAddress, 'must be an e-mail address')
  email!: string;
}

export interface JobKind {
  /** What a job carries. It is checked again when the job runs. It never contains a secret. */
  payload: Class<object>;
  /** The number of attempts before a person has to look at it; see `retryDelay`. */
  attempts: number;
  /** How many one process runs at a time. */
  concurrency: number;
  /**
   * Milliseconds after which nobody waits for it any more, even if it still runs. For deliveries it is
   * below their lease: otherwise another attempt would begin while this one runs.
   */
  deadlineMs: number;
  /** Whether it is then stored for a person. Otherwise its id is free again at once. */
  isStored: boolean;
  /** Milliseconds between two runs of a repeated job, and its payload; undefined for others. */
  every?: number;
  carries?: object;
}

/**
 * Every kind of job. Each has a queue of its own, so that none delays another. Any job may run twice,
 * and after a later one.
 */
export const jobs = {
  /** Retried for about a day: the database may be unavailable for long. */
  usage: {
    payload: UsageFlush,
    attempts: 1_500,
    concurrency: 1,
    deadlineMs: 30_000,
    isStored: true,
  },
  /** The next run does what this one did not. */
  sweep: {
    payload: Sweep,
    attempts: 1,
    concurrency: 1,
    deadlineMs: 600_000,
    isStored: false,
    every: 60_000,
  },
  /** The same. It is also added for each removal that leaves keys to it. */
  removal: {
    payload: Removal,
    attempts: 1,
    concurrency: 1,
    deadlineMs: 600_000,
    isStored: false,
    every: 60_000,
    carries: { v: 1 },
  },
  // They are added again as long as their rows wait. Slow receivers do not delay mail.
  email: { payload: Delivery, attempts: 1, concurrency: 5, deadlineMs: 60_000, isStored: false },
  webhook: { payload: Delivery, attempts: 1, concurrency: 50, deadlineMs: 60_000, isStored: false },
  /** As long as somebody would wait for a mail. Later it is of no use. */
  'sign-in': { payload: SignIn, attempts: 6, concurrency: 5, deadlineMs: 60_000, isStored: false },
} as const satisfies Record<string, JobKind>;

export type JobName = keyof typeof jobs;
export type Payload<Name extends JobName> = InstanceType<(typeof jobs)[Name]['payload']>;

export const jobNames = Object.keys(jobs) as JobName[];

/** A job of a later release, whose workers know how to run it. */
export class NewerJobError extends Error {
  /** @param what the unknown part */
  constructor(readonly what: string) {
    super(`a job has ${what}, which this release does not know`);
  }
}

const isFlush = quickCheckOf(UsageFlush);

const isNewer = (data: unknown): data is { v: number } =>
  isObject(data) && 'v' in data && isInt(data.v) && Number(data.v) >= 2;

/**
 * A flush can have thousands of keys, and class-validator takes a tenth of a millisecond for each. That
 * is skipped if the flush is valid or of a later release.
 *
 * @throws Unreadable
 */
function readData(kind: JobName, data: unknown): object {
  if (kind === 'usage' && isFlush(data)) return data;
  const type: Class<object> = jobs[kind].payload;
  const { unknown } = prune(type, data);
  if (unknown.length > 0) throw new Unreadable(unknown);
  return read(type, data);
}

/** The error that says what is wrong with a payload. */
function errorOf({ flaws }: Unreadable): Error {
  const unknown = flaws.find(({ unknown: names }) => names !== undefined);
  if (unknown?.unknown !== undefined) {
    return new NewerJobError(`the field ${unknown.unknown.join(', ')}`);
  }
  const paths = flaws.map(({ path }) => path || 'all of it');
  return new UnrecoverableError(`the payload is not valid: ${paths.join(', ')}`);
}

/**
 * @param name of the job
 * @throws NewerJobError for a kind, a version or a field of a later release; UnrecoverableError for any
 *   other flaw, as a retry would not help
 */
export function readPayload<Kind extends JobName>(
  kind: Kind,
  { name, data }: { name: string; data: unknown },
): Payload<Kind> {
  if (name !== kind) throw new NewerJobError(`the name ${name}`);
  if (isNewer(data)) throw new NewerJobError(`version ${data.v}`);
  try {
    return readData(kind, data) as Payload<Kind>;
  } catch (error) {
    throw error instanceof Unreadable ? errorOf(error) : error;
  }
}

/** Milliseconds until a job with so many failures is retried: doubled each time, up to a minute. */
export function retryDelay(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 60_000);
}
