import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Deliveries } from '../outbox/deliveries.js';
import { Log } from '../telemetry/log.js';

const interval = 1_000;

/** Hands what is due to the queue, which the database alone knows of until then. */
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
    this.next();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private next(): void {
    this.round = this.hand().then(() => {
      if (this.isStopping) return;
      this.timer = setTimeout(() => {
        this.next();
      }, interval).unref();
    });
  }

  private async hand(): Promise<void> {
    try {
      await this.deliveries.queueDue();
    } catch (err) {
      this.log.logger.warn({ err }, 'could not hand deliveries to the queue');
    }
  }
}
