import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DeliveryStore } from '../outbox/delivery.store.js';
import type { JobState } from '../queue/job-backend.js';
import { JobQueue } from '../queue/job-queue.js';
import { jobNames, type JobName } from '../queue/jobs.js';
import { ReminderStore } from '../reminders/reminder.store.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';

const interval = 15_000;

/** Tells the metrics what is left to do: who reads them asks neither the database nor the queue. */
@Injectable()
export class BacklogWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private deliveries = { failed: 0, oldestDue: 0 };
  private oldestReminder = 0;
  private readonly jobs = new Map<JobName, Record<JobState, number>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly deliveryStore: DeliveryStore,
    private readonly reminders: ReminderStore,
    private readonly queue: JobQueue,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    metrics.watch(
      'failed_deliveries',
      'Mails and webhook messages that all attempts have failed for.',
      () => this.deliveries.failed,
    );
    metrics.watch(
      'oldest_due_delivery_seconds',
      'For how long the delivery is due that waits longest; 0 where none does.',
      () => this.deliveries.oldestDue,
    );
    metrics.watch(
      'oldest_due_reminder_seconds',
      'For how long the reminder is due that nobody has planned yet; 0 where there is none.',
      () => this.oldestReminder,
    );
    metrics.watchJobs(this.jobs);
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
      this.deliveries = await this.deliveryStore.backlog();
      this.oldestReminder = await this.reminders.oldestDue();
      for (const name of jobNames) this.jobs.set(name, await this.queue.counts(name));
    } catch (err) {
      this.log.logger.warn({ err }, 'could not count what is left to do');
    }
  }
}
