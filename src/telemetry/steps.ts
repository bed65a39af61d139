/** Milliseconds until the first line about a slow step, and between two such lines. */
const firstLineMs = 3_000;
const lineEveryMs = 10_000;

/** A step, as the log describes it. */
interface Step {
  /** As in `connecting to the database`. */
  what: string;
  timeoutMs: number;
  /** What it waits for; asked again for each line. Undefined when that is not known. */
  waitsFor?: () => Promise<string | undefined>;
}

const inSeconds = (ms: number) => `${Math.round(ms / 1_000)} s`;

/** Logs that a step is slow, at growing intervals, until it is over. */
class LongStep {
  private readonly beganAt = performance.now();
  private readonly timers: NodeJS.Timeout[] = [];
  private isOver = false;
  private whom: string | undefined;

  constructor(
    private readonly step: Step,
    private readonly progress: (message: string) => void,
  ) {
    const report = () => void this.report();
    this.timers.push(setTimeout(report, firstLineMs), setInterval(report, lineEveryMs));
  }

  /** Rejects when the deadline of the step has passed. */
  tooLate(): Promise<never> {
    const { what, timeoutMs } = this.step;
    return new Promise((_resolve, reject) => {
      const timeOut = () => {
        reject(new Error(`Timed out after ${inSeconds(timeoutMs)} while ${what}${this.because}`));
      };
      this.timers.push(setTimeout(timeOut, timeoutMs));
    });
  }

  end(): void {
    this.isOver = true;
    this.timers.forEach(clearTimeout);
  }

  private get because(): string {
    return this.whom === undefined ? '' : `: waits for ${this.whom}`;
  }

  private async report(): Promise<void> {
    this.whom = await this.step.waitsFor?.().catch(() => undefined);
    if (this.isOver) return;
    const elapsed = inSeconds(performance.now() - this.beganAt);
    this.progress(`Still ${this.step.what} after ${elapsed}${this.because}`);
  }
}

/** The steps of a start. Each has a deadline, and logs what it waits for when it is slow. */
export class Steps {
  /**
   * @param progress receives a line for each slow step
   * @param signal aborted when the start is cancelled: no further step begins then
   */
  constructor(
    private readonly progress: (message: string) => void,
    private readonly signal: AbortSignal = new AbortController().signal,
  ) {}

  /**
   * Runs one step.
   *
   * @param work gets a signal that is aborted when nobody waits for it any more. Work that cannot stop
   *   half-way ignores it
   * @throws any error of `work`; an error that names the step when it was too slow
   */
  async run<T>(step: Step, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const over = new AbortController();
    const long = new LongStep(step, this.progress);
    try {
      const working = work(AbortSignal.any([this.signal, over.signal]));
      return await Promise.race([working, long.tooLate()]);
    } finally {
      long.end();
      over.abort();
    }
  }
}
