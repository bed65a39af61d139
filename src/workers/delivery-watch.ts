import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DeliveryStore } from '../outbox/delivery.store.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';

const interval = 15_000;

/** Tells the metrics what is left to deliver: nobody asks the database for them. */
@Injectable()
export class DeliveryWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly backlog = { failed: 0, oldestDue: 0 };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: DeliveryStore,
    metrics: Metrics,
    private readonly log: Log,
  ) {
    metrics.watchDeliveries(this.backlog);
  }

  onApplicationBootstrap(): void {
    void this.look();
    this.timer = setInterval(() => void this.look(), interval).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      Object.assign(this.backlog, await this.store.backlog());
    } catch (err) {
      this.log.logger.warn({ err }, 'could not count deliveries');
    }
  }
}
