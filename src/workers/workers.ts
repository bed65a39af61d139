import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { JobBackend, type OpenWorker } from '../queue/job-backend.js';
import { jobNames } from '../queue/jobs.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { Processors } from './processors.js';

/** Milliseconds that a stop waits for jobs that are running; others run them again after it. */
const patience = 3_000;

/** Runs jobs. */
@Injectable()
export class Workers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: OpenWorker[] = [];

  constructor(
    private readonly backend: JobBackend,
    private readonly processors: Processors,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const name of jobNames) {
      const run = this.processors.byName[name];
      const worker = await this.backend.openWorker(name, ({ data }) => run(data));
      worker.on('failed', (job, err) => {
        this.metrics.countFailedJob(name);
        const { id, attemptsMade } = job ?? {};
        this.log.logger.warn({ err, job: name, id, attemptsMade }, 'a job failed');
      });
      this.workers.push(worker);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.race([closed, delay(patience, undefined, { ref: false })]);
  }
}
