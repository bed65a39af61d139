/** Releases a slot. */
export type Leave = () => void;

interface Waiter {
  resolve: (leave: Leave | undefined) => void;
  timer: NodeJS.Timeout;
}

interface Party {
  running: number;
  /** In order of arrival. */
  waiting: Waiter[];
}

/**
 * Lets a few calls of each party run at a time. A bounded number of others wait, for a bounded time.
 */
export class CallSlots {
  private readonly parties = new Map<string, Party>();

  /**
   * @param atOnce calls of a party that run at a time
   * @param mostWaiting further calls that may wait
   * @param timeoutMs how long they may wait
   * @param leastMs the minimum time for which a call counts: so the calls per second are bounded, too
   */
  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
    private readonly timeoutMs: number,
    private readonly leastMs = 0,
  ) {}

  /** @returns a function that releases the slot; undefined when no slot was free in time */
  enter(name: string): Promise<Leave | undefined> {
    const party = this.parties.get(name) ?? { running: 0, waiting: [] };
    this.parties.set(name, party);
    if (party.running < this.atOnce) return Promise.resolve(this.run(name, party));
    if (party.waiting.length >= this.mostWaiting) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timeOut = () => {
        party.waiting.splice(party.waiting.indexOf(waiter), 1);
        resolve(undefined);
      };
      const waiter = { resolve, timer: setTimeout(timeOut, this.timeoutMs) };
      party.waiting.push(waiter);
    });
  }

  private run(name: string, party: Party): Leave {
    party.running += 1;
    const begin = performance.now();
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const remainingMs = begin + this.leastMs - performance.now();
      if (remainingMs <= 0) this.end(name, party);
      else
        setTimeout(() => {
          this.end(name, party);
        }, remainingMs).unref();
    };
  }

  private end(name: string, party: Party): void {
    party.running -= 1;
    const waiter = party.waiting.shift();
    if (waiter !== undefined) {
      clearTimeout(waiter.timer);
      waiter.resolve(this.run(name, party));
    } else if (party.running === 0) this.parties.delete(name);
  }
}
