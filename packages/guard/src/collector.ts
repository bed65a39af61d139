import { KeyfenceError, Unavailable } from './errors.js';
import type { components } from './schema.js';
import type { Transport } from './transport.js';
import { assertVerification, NotKeyfence, type Verification } from './verification.js';

type Question = components['schemas']['VerifyKey'];

/** Keys in one call (see `POST /v1/verify/batch`). */
const maxQuestions = 500;
/** Characters of the questions of one call: its body may have 256 KiB, and a character four bytes. */
const maxLength = 60_000;
/** Characters of a question that is asked alone, since it is longer than any with a key. */
const longQuestion = 2_000;
/** Requests that wait; further ones are refused. */
const maxWaiters = 10_000;
/**
 * Milliseconds since the last call was sent, by the number of those under way: a second one only if the first takes
 * long, further ones if both seem to hang.
 */
const rests = [0, 1, 100, 100, 100];
/** Milliseconds from the sending of a call until its refusals are passed on: see `POST /v1/verify/batch`. */
const refusalMs = 5;
/** Milliseconds for which a Keyfence that knows no batches is asked about each key. */
const withoutBatchesMs = 60_000;

interface Waiter {
  readonly question: Question;
  /** What is asked, as text: the same question is asked once in a call. */
  readonly content: string;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly resolve: (verification: Verification) => void;
  readonly reject: (error: Error) => void;
}

interface Call {
  /** Those who ask the same, by what they ask. */
  readonly groups: ReadonlyMap<string, readonly Waiter[]>;
  /** The latest of them. */
  readonly deadline: number;
  readonly sentAt: number;
}

interface CollectorOptions {
  transport: Transport;
  timeoutMs: number;
  /** Asks about one key. */
  ask: (question: Question, timeoutMs: number) => Promise<Verification>;
}

const fields = ['key', 'permission', 'ip', 'userAgent'];

/** Whether Keyfence understands it in a call: otherwise it would refuse the others as well. */
const isUnderstood = (question: object): boolean =>
  'key' in question &&
  Object.entries(question).every(
    ([name, value]) =>
      fields.includes(name) &&
      (typeof value === 'string' || (value === undefined && name !== 'key')),
  );

/** @throws Unavailable when it is not the response to a call with so many questions */
function resultsOf(response: unknown, count: number): Verification[] {
  const { authSeq, results } = (response ?? {}) as { authSeq?: unknown; results?: unknown };
  const isWhole = typeof authSeq === 'number' && Array.isArray(results) && results.length === count;
  if (!isWhole) throw new NotKeyfence();
  return results.map((result: unknown) => {
    assertVerification(result);
    return { ...result, authSeq };
  });
}

/** Each request has a result of its own: services can change what they get. */
const copyOf = (result: Verification): Verification =>
  result.valid ? { ...result, permissions: [...result.permissions] } : { ...result };

/**
 * Asks about many keys in one call. Requests that arrive in the same tick share one, and those that
 * arrive while others are under way. A request never joins a call that has been sent: its results can
 * be older than the request.
 */
export class Collector {
  /** All requests without a result, the earliest deadline first. */
  private readonly open = new Set<Waiter>();
  /** Those of them that are in no call yet. */
  private waiting: Waiter[] = [];
  private readonly calls = new Set<Call>();
  private isScheduled = false;
  private recheck: NodeJS.Timeout | undefined;
  private recheckDue = Infinity;
  private sweep: NodeJS.Timeout | undefined;
  private lastSentAt = -Infinity;
  private isOldUntil = -Infinity;

  constructor(private readonly options: CollectorOptions) {}

  /** @throws KeyfenceError when the call is refused, Unavailable without a response in time */
  verify(question: Question): Promise<Verification> {
    const { timeoutMs, ask } = this.options;
    const content = JSON.stringify(question);
    const isAlone = content.length > longQuestion || !isUnderstood(question);
    if (isAlone || performance.now() < this.isOldUntil) return ask(question, timeoutMs);
    if (this.open.size >= maxWaiters) {
      return Promise.reject(new Unavailable('too many requests are waiting'));
    }
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + timeoutMs;
      const waiter = { question, content, deadline, resolve, reject };
      this.open.add(waiter);
      this.waiting.push(waiter);
      this.sweep ??= this.sweepAt(deadline);
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0) return;
    const rest = rests[this.calls.size];
    if (rest === undefined) return;
    const due = this.lastSentAt + rest;
    if (due > performance.now()) {
      this.recheckAt(due);
      return;
    }
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.send();
      this.schedule();
    });
  }

  /** A later check is replaced: more calls were under way when it was planned. */
  private recheckAt(due: number): void {
    if (due >= this.recheckDue) return;
    clearTimeout(this.recheck);
    this.recheckDue = due;
    this.recheck = setTimeout(() => {
      this.recheckDue = Infinity;
      this.schedule();
    }, due - performance.now()).unref();
  }

  private send(): void {
    const call = this.nextCall();
    const all = [...call.groups.values()];
    if (all.length === 0) return;
    this.calls.add(call);
    this.lastSentAt = call.sentAt;
    this.ask(all, call.deadline - call.sentAt)
      .then(
        (results) => {
          all.forEach((group, index) => {
            this.end(group, results[index] as Verification, call.sentAt);
          });
        },
        (error: unknown) => {
          this.fail(all.flat(), error);
        },
      )
      .finally(() => {
        this.calls.delete(call);
        this.schedule();
      });
  }

  /** Takes as many of the waiting requests as there is room for. */
  private nextCall(): Call {
    const groups = new Map<string, Waiter[]>();
    let deadline = 0;
    let length = 0;
    let taken = 0;
    for (const waiter of this.waiting) {
      const same = groups.get(waiter.content);
      const isFull = groups.size === maxQuestions || length + waiter.content.length > maxLength;
      if (same === undefined && isFull) break;
      taken += 1;
      if (!this.open.has(waiter)) continue;
      deadline = waiter.deadline;
      if (same !== undefined) same.push(waiter);
      else {
        groups.set(waiter.content, [waiter]);
        length += waiter.content.length;
      }
    }
    this.waiting = this.waiting.slice(taken);
    return { groups, deadline, sentAt: performance.now() };
  }

  private async ask(groups: readonly (readonly Waiter[])[], ms: number): Promise<Verification[]> {
    const questions = groups.flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [{ ...first.question, ...(rest.length > 0 && { count: rest.length + 1 }) }],
    );
    const response = await this.options.transport.call<unknown>({
      method: 'POST',
      path: '/v1/verify/batch',
      body: { questions },
      isSafe: true,
      isTied: true,
      timeoutMs: Math.max(1, Math.ceil(ms)),
    });
    return resultsOf(response, questions.length);
  }

  private end(group: readonly Waiter[], result: Verification, sentAt: number): void {
    const ms = sentAt + refusalMs - performance.now();
    const resolve = () => {
      for (const waiter of group) if (this.open.delete(waiter)) waiter.resolve(copyOf(result));
    };
    if (result.valid || ms <= 0) resolve();
    else setTimeout(resolve, ms);
  }

  private fail(waiters: readonly Waiter[], error: unknown): void {
    const isOld = error instanceof Unavailable && error.status === 404;
    if (isOld) this.rememberOld();
    // It has something against the call: each question is to have its own response.
    const isRefused = error instanceof KeyfenceError && [400, 413].includes(error.problem.status);
    for (const waiter of waiters) {
      if (!this.open.delete(waiter)) continue;
      const { question, deadline, resolve, reject } = waiter;
      const leftMs = deadline - performance.now();
      if ((isOld || isRefused) && leftMs > 1)
        this.options.ask(question, leftMs).then(resolve, reject);
      else reject(error as Error);
    }
  }

  private rememberOld(): void {
    if (this.isOldUntil === -Infinity) {
      process.emitWarning(
        'Keyfence is older than this guard, and is asked about each key by itself',
        'KeyfenceWarning',
      );
    }
    this.isOldUntil = performance.now() + withoutBatchesMs;
  }

  private sweepAt(deadline: number): NodeJS.Timeout {
    return setTimeout(
      () => {
        this.sweep = undefined;
        for (const waiter of this.open) {
          if (waiter.deadline > performance.now()) {
            this.sweep = this.sweepAt(waiter.deadline);
            return;
          }
          this.fail([waiter], new Unavailable('Keyfence did not respond in time'));
        }
      },
      Math.max(1, deadline - performance.now()),
    ).unref();
  }
}
