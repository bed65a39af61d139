import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { JobQueue } from '../queue/job-queue.js';
import { Log } from '../telemetry/log.js';

const interval = 30_000;

/** Keeps those jobs coming that come by themselves, also when Redis has forgotten them. */
@Injectable()
export class Schedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    // Nothing waits for it: the service starts without Redis.
    void this.keep();
    this.timer = setInterval(() => void this.keep(), interval).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async keep(): Promise<void> {
    try {
      await this.queue.schedule();
    } catch (err) {
      this.log.logger.warn({ err }, 'could not schedule jobs');
    }
  }
}
