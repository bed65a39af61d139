import type { JobName } from '../jobs/jobs.js';
import { RunningJob } from '../jobs/running-job.js';
import type { Log } from '../telemetry/log.js';

/** A job that nobody waits for any more. It may still be running. */
export class AbandonedJobError extends Error {}

interface Entry {
  controller: AbortController;
  abandon: (why: Error) => void;
}

/** The jobs that this process runs, each for a limited time, even if a library does not return. */
export class RunningJobs {
  private readonly entries = new Set<Entry>();

  constructor(private readonly log: Log) {}

  /**
   * Runs a job until it ends, or its time is over. Its signal is aborted then, and nobody waits for it.
   *
   * @throws AbandonedJobError when it did not end in time, or `abandon` was called; any error of the
   *   job
   */
  async run(
    { kind, id, deadlineMs }: { kind: JobName; id: string | undefined; deadlineMs: number },
    work: (running: RunningJob) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    const running = new RunningJob(controller.signal);
    let abandon: Entry['abandon'] = () => undefined;
    const abandoned = new Promise<never>((_resolve, reject) => (abandon = reject));
    const timer = setTimeout(() => {
      const { waitsFor } = running;
      this.log.logger.error({ job: kind, id, waitsFor, deadlineMs }, 'a job did not end in time');
      const seconds = deadlineMs / 1_000;
      abandon(
        new AbandonedJobError(`did not end within ${seconds} seconds: waits for ${waitsFor}`),
      );
      controller.abort();
    }, deadlineMs);
    const entry = { controller, abandon };
    this.entries.add(entry);
    try {
      await Promise.race([work(running), abandoned]);
    } finally {
      clearTimeout(timer);
      this.entries.delete(entry);
    }
  }

  /** Aborts all of them. */
  interrupt(): void {
    for (const { controller } of this.entries) controller.abort();
  }

  /** Stops waiting for all of them. */
  abandon(): void {
    for (const entry of this.entries) entry.abandon(new AbandonedJobError('the process stopped'));
  }
}
