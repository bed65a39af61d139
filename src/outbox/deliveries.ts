import { Injectable } from '@nestjs/common';
import type { DeliveryId } from '../common/ids.js';
import { JobQueue } from '../queue/job-queue.js';
import { Log } from '../telemetry/log.js';
import { DeliveryStore } from './delivery.store.js';

/** As many as are handed to the queue at once. */
const batch = 500;

/** Why something was not delivered, in words for whoever looks after it. */
export class DeliveryError extends Error {
  /** @param isFinal whether trying again cannot help */
  constructor(
    message: string,
    readonly isFinal = false,
  ) {
    super(message);
  }
}

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
    private readonly log: Log,
  ) {}

  /**
   * Adds a job for each delivery that is due. One whose job is lost gets another one a minute later.
   *
   * @throws when the queue does not take them
   */
  async queueDue(): Promise<void> {
    let due;
    do {
      due = await this.store.claimDue(batch);
      await Promise.all(
        due.map(({ id, channel }) => this.queue.add(channel, id, { deliveryId: id })),
      );
    } while (due.length === batch);
  }

  /**
   * Tries to deliver, unless somebody else does, or did.
   *
   * @param send brings it to the recipient, or finds that there is nothing left to tell; throws a
   *   DeliveryError when it was not taken, or not known to be
   */
  async attempt(
    id: DeliveryId,
    send: (isDigest: boolean) => Promise<'sent' | 'obsolete'>,
  ): Promise<void> {
    const attempt = await this.store.begin(id);
    if (attempt === null) return;
    try {
      await this.store.finish(id, await send(attempt.isDigest));
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const reason = readable(error.message);
      this.log.logger.warn({ id, attempts: attempt.attempts, reason }, 'a delivery failed');
      await this.store.fail(attempt, reason, error.isFinal);
    }
  }
}
