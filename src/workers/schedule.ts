import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { JobQueue } from '../jobs/job-queue.js';
import { Log } from '../telemetry/log.js';

const interval = 30_000;

/** Starts the repeated jobs, again and again, in case Redis has lost them. */
@Injectable()
export class Schedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    // Nothing waits for it: the service starts without Redis.
    void this.schedule();
    this.timer = setInterval(() => void this.schedule(), interval).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async schedule(): Promise<void> {
    try {
      await this.queue.schedule();
    } catch (err) {
      this.log.logger.warn({ err }, 'could not schedule jobs');
    }
  }
}
