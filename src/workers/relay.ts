import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Deliveries } from '../notifications/deliveries.js';
import { Log } from '../telemetry/log.js';

const interval = 1_000;

/** Hands due work to the queue; until then it is only in the database. */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private round = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly deliveries: Deliveries,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(): void {
    this.round = this.queueDue().then(() => {
      if (this.isStopping) return;
      this.timer = setTimeout(() => {
        this.schedule();
      }, interval).unref();
    });
  }

  private async queueDue(): Promise<void> {
    try {
      await this.deliveries.queueDue();
    } catch (err) {
      this.log.logger.warn({ err }, 'could not hand deliveries to the queue');
    }
  }
}
