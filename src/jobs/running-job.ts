const ourOwn = 'the database';

/** A job while it runs. */
export class RunningJob {
  private waited = ourOwn;

  /** @param signal aborted when its time is over, or the process stops */
  constructor(readonly signal: AbortSignal) {}

  /** What it waits for, in words, for the log. */
  get waitsFor(): string {
    return this.waited;
  }

  /** Runs a part of it that depends on a response from elsewhere. */
  async waitFor<T>(what: string, part: () => Promise<T>): Promise<T> {
    this.waited = what;
    try {
      return await part();
    } finally {
      this.waited = ourOwn;
    }
  }
}
