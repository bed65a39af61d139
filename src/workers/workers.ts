import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DelayedError, type Job } from 'bullmq';
import { JobBackend, type OpenWorker } from '../jobs/job-backend.js';
import { jobNames, jobs, NewerJobError, type JobName } from '../jobs/jobs.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { Processors } from './processors.js';
import { RunningJobs } from './running-jobs.js';

/** Milliseconds that a stop waits for running jobs; others run those again after it. */
const timeoutMs = 2_000;

/** Milliseconds that aborted jobs get to end. */
const grace = 1_000;

/** Milliseconds until a job that this release does not know is tried again. */
const putBackFor = 5_000;

/** Runs jobs. */
@Injectable()
export class Workers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: OpenWorker[] = [];
  private readonly running: RunningJobs;
  private readonly unknown = new Set<string>();

  constructor(
    private readonly backend: JobBackend,
    private readonly processors: Processors,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    this.running = new RunningJobs(log);
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const name of jobNames) {
      const worker = await this.backend.openWorker(name, {
        run: (job, token) => this.run(name, job, token),
        failed: (job, err) => {
          this.metrics.countFailedJob(name);
          const { id, attemptsMade } = job ?? {};
          this.log.logger.warn({ err, job: name, id, attemptsMade }, 'a job failed');
        },
      });
      this.workers.push(worker);
    }
    // After each has its connection: without one of them the start fails.
    for (const worker of this.workers) this.backend.begin(worker);
  }

  private async run(kind: JobName, job: Job, token: string | undefined): Promise<void> {
    try {
      const { deadlineMs } = jobs[kind];
      await this.running.run({ kind, id: job.id, deadlineMs }, (running) =>
        this.processors.byName[kind](job, running),
      );
    } catch (error) {
      if (!(error instanceof NewerJobError)) throw error;
      this.noteUnknown(kind, error);
      // This uses up no attempt: the job waits for a worker of a later release as long as necessary.
      await job.moveToDelayed(Date.now() + putBackFor, token);
      throw new DelayedError();
    }
  }

  private noteUnknown(kind: JobName, { what, message }: NewerJobError): void {
    const line = `${kind}: ${what}`;
    if (this.unknown.has(line)) return;
    this.unknown.add(line);
    this.log.logger.warn(
      { job: kind },
      `${message}: it is put back for a worker of a later release`,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    const closed = Promise.all(this.workers.map((worker) => this.backend.closeWorker(worker)));
    const waitFor = (ms: number) => Promise.race([closed, delay(ms, undefined, { ref: false })]);
    await waitFor(timeoutMs);
    this.running.interrupt();
    await waitFor(grace);
    // A worker with a job that does not end would hold its connections, and the pool would wait for
    // them.
    this.running.abandon();
    await waitFor(grace);
  }
}
