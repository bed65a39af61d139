import { Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { readPayload, type JobName, type Payload } from '../jobs/jobs.js';
import type { RunningJob } from '../jobs/running-job.js';
import { RemovalSweep } from '../members/removal-sweep.js';
import { ReminderSender } from '../reminders/reminder-sender.js';
import { ReminderSweep } from '../reminders/reminder-sweep.js';
import { SignInLinks } from '../sessions/sign-in-links.js';
import { UsageStore } from '../usage/usage.store.js';
import { WebhookSender } from '../webhooks/webhook-sender.js';

type Processor = (job: Pick<Job, 'name' | 'data'>, running: RunningJob) => Promise<void>;

function processor<Name extends JobName>(
  name: Name,
  run: (payload: Payload<Name>, running: RunningJob) => Promise<void>,
): Processor {
  // A payload that cannot be read is a failure of the job as well.
  return async (job, running) => {
    await run(readPayload(name, job), running);
  };
}

/** The processor of each kind of job. Each must have the same result when it runs twice. */
@Injectable()
export class Processors {
  readonly byName: Readonly<Record<JobName, Processor>>;

  constructor(
    usage: UsageStore,
    sweep: ReminderSweep,
    removals: RemovalSweep,
    reminders: ReminderSender,
    webhooks: WebhookSender,
    links: SignInLinks,
  ) {
    this.byName = {
      usage: processor('usage', (flush) => usage.count(flush)),
      sweep: processor('sweep', () => sweep.run()),
      removal: processor('removal', () => removals.run()),
      email: processor('email', ({ deliveryId }, running) => reminders.send(deliveryId, running)),
      'sign-in': processor('sign-in', ({ email }, running) => links.mail(email, running)),
      webhook: processor('webhook', ({ deliveryId }, running) =>
        webhooks.send(deliveryId, running),
      ),
    };
  }
}
