/**
 * SIGINT and SIGTERM, from the first moment on. Loads nothing, so that it exists before the service is
 * loaded, which takes seconds on a busy machine.
 */
export class StopSignals {
  /** Read before the parent can have ended. */
  readonly parentPid = process.ppid;
  // Nothing has been started that would have to be stopped.
  private stop: (why: string) => void = () => process.exit(0);

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        this.stop(signal);
      });
    }
  }

  /** Calls `stop` for each signal from now on, instead of ending the process at once. */
  handOver(stop: (why: string) => void): void {
    this.stop = stop;
  }
}
