import { Injectable } from '@nestjs/common';
import { readPayload, type JobName, type Payload } from '../queue/jobs.js';
import { ReminderSender } from '../reminders/reminder-sender.js';
import { ReminderSweep } from '../reminders/reminder-sweep.js';
import { SignInLinks } from '../sessions/sign-in-links.js';
import { UsageStore } from '../usage/usage.store.js';
import { WebhookSender } from '../webhooks/webhook-sender.js';

type Processor = (data: unknown) => Promise<void>;

function processor<Name extends JobName>(
  name: Name,
  run: (payload: Payload<Name>) => Promise<void>,
): Processor {
  return (data) => run(readPayload(name, data));
}

/** What runs each kind of job. Whatever it does, doing it again must change nothing. */
@Injectable()
export class Processors {
  readonly byName: Readonly<Record<JobName, Processor>>;

  constructor(
    usage: UsageStore,
    sweep: ReminderSweep,
    reminders: ReminderSender,
    webhooks: WebhookSender,
    links: SignInLinks,
  ) {
    this.byName = {
      usage: processor('usage', (flush) => usage.count(flush)),
      sweep: processor('sweep', () => sweep.run()),
      email: processor('email', ({ deliveryId }) => reminders.send(deliveryId)),
      'sign-in': processor('sign-in', ({ email }) => links.mail(email)),
      webhook: processor('webhook', ({ deliveryId }) => webhooks.send(deliveryId)),
    };
  }
}
