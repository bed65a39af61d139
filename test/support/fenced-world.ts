import { isDeepStrictEqual } from 'node:util';
import type { AccessFacts } from '../../src/permissions/facts.js';
import { FencedRecords, type QueryResult } from '../../src/verification/fenced-records.js';
import { Fence } from '../../src/verification/fence.js';
import { RecordCache } from '../../src/verification/record-cache.js';
import type { Reading } from '../../src/verification/record-reader.js';
import { lookupOf, secrets, SimulatedPrimary } from './simulated-primary.js';

/** A moment: the number of states that the primary has been in, and the time on its clock. */
interface Moment {
  state: number;
  time: number;
}

/** A read, from its call to its end. */
interface Read {
  secrets: string[];
  begun: Moment;
  ended?: Moment;
  reading?: Reading;
  error?: unknown;
}

/** The columns of a key that the simulated primary has: a stored record carries more than that. */
function asStored(facts: AccessFacts | undefined) {
  if (facts === undefined) return undefined;
  const { id, ownerId, name, expiresAt, isRevoked } = facts.key;
  return { ...facts, key: { id, ownerId, name, expiresAt, isRevoked } };
}

/**
 * A fence whose queries, responses and timers wait until the test lets them happen, in any order.
 */
export class FencedWorld {
  readonly primary = new SimulatedPrimary();
  readonly reads: Read[] = [];
  readonly resets: string[] = [];
  /** Queries that were sent. */
  asked = 0;
  private readonly waiting: (() => void)[] = [];
  private clock = 0;

  private readonly fence = new Fence({
    // Smaller than the number of keys, so that some always have to go.
    records: new FencedRecords(new RecordCache(3), (reason) => this.resets.push(reason)),
    connections: 3,
    // Two of the keys are many.
    manyMisses: 1,
    timeout: 10_000,
    timing: {
      now: () => this.clock,
      later: (ms, run) => {
        const due = this.clock + ms;
        this.waiting.push(() => {
          this.clock = Math.max(this.clock, due);
          run();
        });
      },
    },
    ask: (question) =>
      new Promise<QueryResult>((resolve, reject) => {
        this.asked += 1;
        this.waiting.push(() => {
          // What the primary says is settled before it arrives here.
          const response = this.primary.respond(question);
          this.waiting.push(() => {
            resolve(response);
          });
        });
        this.fail = () => {
          reject(new Error('connection lost'));
        };
      }),
  });
  private fail: () => void = () => undefined;

  private get moment(): Moment {
    return { state: this.primary.past.length - 1, time: this.primary.tick() };
  }

  read(...asked: string[]): void {
    const read: Read = { secrets: asked, begun: this.moment };
    this.reads.push(read);
    this.fence.read(asked.map(lookupOf), {
      done: (reading) => Object.assign(read, { reading, ended: this.moment }),
      failed: (error) => Object.assign(read, { error, ended: this.moment }),
    });
  }

  async step(choice: number): Promise<void> {
    const kind = choice % 16;
    const detail = choice >> 4;
    const secret = (place: number) => secrets[(detail >> place) % secrets.length] ?? '';
    if (kind < 4) this.read(secret(0), ...(detail % 3 === 0 ? [secret(4)] : []));
    else if (kind < 7) this.primary.change(detail);
    else if (kind === 7 && detail % 4 === 0) this.primary.prune();
    else if (kind === 8 && detail % 8 === 0) this.primary.restore(detail >> 3);
    else if (kind === 9 && detail % 8 === 0) this.fail();
    else await this.happen(detail);
  }

  /** Lets everything happen that still waits. */
  async drain(): Promise<void> {
    while (this.reads.some(({ ended }) => ended === undefined)) await this.happen(0);
  }

  private async happen(which: number): Promise<void> {
    const [next] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1);
    next?.();
    // Promises that this settles reach their readers before anything else happens.
    await new Promise<void>((resolve) => {
      process.nextTick(() => {
        queueMicrotask(resolve);
      });
    });
  }

  /**
   * Whether a state between begin and end of the read held exactly what was read, at the time that it
   * is judged at: a decision on it is then one that was true while the request was under way.
   */
  isTrue({ secrets: asked, begun, ended, reading, error }: Read): boolean {
    if (reading === undefined) return error !== undefined;
    const { past } = this.primary;
    const time = reading.now.getTime();
    if (time < begun.time || time > (ended?.time ?? 0)) return false;
    return past.some((state, index) => {
      const facts = asked.map((secret) => this.primary.factsIn(state, secret));
      return (
        index >= begun.state &&
        index <= (ended?.state ?? 0) &&
        state.n === reading.authSeq &&
        time >= state.since &&
        time <= (past[index + 1]?.since ?? Infinity) &&
        isDeepStrictEqual(facts, reading.facts.map(asStored))
      );
    });
  }
}
