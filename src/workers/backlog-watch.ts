import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobState } from '../jobs/job-backend.js';
import { JobQueue } from '../jobs/job-queue.js';
import { jobNames, type JobName } from '../jobs/jobs.js';
import { DeliveryStore } from '../notifications/delivery.store.js';
import { ReminderStore } from '../reminders/reminder.store.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';

const interval = 15_000;

/** Updates the metrics of waiting work: a scrape asks neither the database nor the queue. */
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
      'Mails and webhook messages whose attempts have all failed.',
      () => this.deliveries.failed,
    );
    metrics.watch(
      'oldest_due_delivery_seconds',
      'How long the oldest due delivery has been waiting; 0 if there is none.',
      () => this.deliveries.oldestDue,
    );
    metrics.watch(
      'oldest_due_reminder_seconds',
      'How long the oldest due reminder has been waiting to be planned; 0 if there is none.',
      () => this.oldestReminder,
    );
    metrics.watchJobs(this.jobs);
  }

  onApplicationBootstrap(): void {
    void this.measure();
    this.timer = setInterval(() => void this.measure(), interval).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    try {
      this.deliveries = await this.deliveryStore.backlog();
      this.oldestReminder = await this.reminders.oldestDue();
      for (const name of jobNames) this.jobs.set(name, await this.queue.counts(name));
    } catch (err) {
      this.log.logger.warn({ err }, 'could not count the waiting work');
    }
  }
}
