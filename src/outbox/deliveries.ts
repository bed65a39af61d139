import { Injectable } from '@nestjs/common';
import type { DeliveryId } from '../common/ids.js';
import { JobQueue } from '../queue/job-queue.js';
import { Log } from '../telemetry/log.js';
import { DeliveryStore, type Attempt } from './delivery.store.js';
import { DeliveryError, Mailer, type Mail } from './mailer.js';

/** As many as one sweep hands to the queue; the next one hands over the next. */
const atOnce = 5_000;

/** What servers answer is not ours to believe. */
function readable(reason: string): string {
  return reason.replace(/\p{C}+/gu, ' ').slice(0, 500);
}

/** Brings deliveries to their recipients, each in a job of its own. Rows say what is left to do. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly store: DeliveryStore,
    private readonly queue: JobQueue,
    private readonly mailer: Mailer,
    private readonly log: Log,
  ) {}

  /** Adds a job for each delivery that is due; one that has a job already keeps it. */
  async queueDue(): Promise<void> {
    for (const id of await this.store.due(atOnce)) {
      await this.queue.add('delivery', id, { deliveryId: id });
    }
  }

  /**
   * Tries to deliver, unless somebody else does, or did.
   *
   * @param compose says what is to be told by now; null when nothing is
   */
  async attempt(
    id: DeliveryId,
    compose: (attempt: Attempt) => Promise<Mail | null>,
  ): Promise<void> {
    const attempt = await this.store.begin(id);
    if (attempt === null) return;
    const mail = await compose(attempt);
    if (mail === null) return this.store.finish(id, 'obsolete');
    try {
      await this.mailer.send(id, mail);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const reason = readable(error.message);
      this.log.logger.warn({ id, attempts: attempt.attempts, reason }, 'a delivery failed');
      return this.store.fail(attempt, reason, error.isFinal);
    }
    await this.store.finish(id, 'sent');
  }
}
