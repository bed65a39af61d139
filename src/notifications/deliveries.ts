import { Injectable } from '@nestjs/common';
import type { DeliveryId } from '../common/ids.js';
import { shownReason } from '../common/secret.js';
import { JobQueue } from '../jobs/job-queue.js';
import { Log } from '../telemetry/log.js';
import { channels } from './delivery.entity.js';
import { DeliveryStore, type Attempt } from './delivery.store.js';
import type { Mailed } from './mailer.js';

/** The number of deliveries that are handed to the queue at once. */
const batch = 500;

/** Why something was not delivered, in words for the person who looks into it. */
export class DeliveryError extends Error {
  /**
   * @param isFinal whether a retry cannot help
   * @param retryAfterSeconds how long the recipient wants to be left alone
   */
  constructor(
    message: string,
    readonly isFinal = false,
    readonly retryAfterSeconds = 0,
  ) {
    super(message);
  }
}

/** Delivers to recipients, each delivery in a job of its own. Rows say what is left to do. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly store: DeliveryStore,
    private readonly queue: JobQueue,
    private readonly log: Log,
  ) {}

  /**
   * Adds a job for each delivery that is due. If the job is lost, another one is added a minute later.
   *
   * @throws when the queue does not take them
   */
  async queueDue(): Promise<void> {
    let due;
    do {
      due = await this.store.claimDue(batch);
      for (const name of channels) {
        const added = due.filter(({ channel }) => channel === name);
        await this.queue.addAll(
          name,
          added.map(({ id }) => ({ id, payload: { deliveryId: id } })),
        );
      }
    } while (due.length === batch);
  }

  /**
   * Attempts a delivery, unless another attempt is running or has succeeded.
   *
   * @param send sends it to the recipient, or finds that there is nothing left to send; throws a
   *   DeliveryError when it was not accepted, or that is not known
   */
  async attempt(
    id: DeliveryId,
    send: (kind: Attempt['kind']) => Promise<Mailed | 'obsolete'>,
  ): Promise<void> {
    const attempt = await this.store.begin(id);
    if (attempt === null) return;
    try {
      await this.store.finish(id, await send(attempt.kind));
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const reason = shownReason(error.message);
      this.log.logger.warn({ id, attempts: attempt.attempts, reason }, 'a delivery failed');
      await this.store.fail(attempt, reason, error);
    }
  }
}
