import { Injectable } from '@nestjs/common';
import { Webhook as Signer } from 'standardwebhooks';
import type { DeliveryId } from '../common/ids.js';
import type { RunningJob } from '../jobs/running-job.js';
import { Deliveries, DeliveryError } from '../notifications/deliveries.js';
import { DeliveryStore, maxUnderWay } from '../notifications/delivery.store.js';
import { Log } from '../telemetry/log.js';
import { OrgSlots } from './org-slots.js';
import { SecretBox } from './secret-box.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookStore, type Message } from './webhook.store.js';

/** Sends events, signed after the Standard Webhooks specification (1.0.0). */
@Injectable()
export class WebhookSender {
  private readonly slots = new OrgSlots(maxUnderWay);

  constructor(
    private readonly store: WebhookStore,
    private readonly deliveryStore: DeliveryStore,
    private readonly deliveries: Deliveries,
    private readonly box: SecretBox,
    private readonly client: WebhookClient,
    private readonly log: Log,
  ) {}

  /** Attempts a delivery, unless its organisation already uses its share of this process. */
  async send(id: DeliveryId, running: RunningJob): Promise<void> {
    const orgId = await this.deliveryStore.orgOf(id);
    if (orgId === null) return;
    if (await this.slots.run(orgId, () => this.attempt(id, running))) return;
    // Nobody claims more than that: so some deliveries have not ended, though nobody waits for them any
    // more.
    this.log.logger.warn({ id, orgId }, 'a webhook message waits: others are still running');
  }

  private attempt(id: DeliveryId, running: RunningJob): Promise<void> {
    return this.deliveries.attempt(id, async () => {
      const message = await this.store.messageOf(id);
      if (message === null) return 'obsolete';
      const { type, data } = message.event;
      const body = JSON.stringify({ type, timestamp: message.at, data });
      const headers = this.signed(id, message, body);
      await running.waitFor(`the receiver ${new URL(message.url).host}`, () =>
        this.client.post(message.url, headers, body, running.signal),
      );
      return 'sent';
    });
  }

  /** The headers of a message. The attempt is signed with its time, so that nobody can replay it later. */
  private signed(id: DeliveryId, { webhookId, secrets }: Message, body: string) {
    const now = new Date();
    const signatures = secrets
      .map((sealed) => this.box.open(sealed, webhookId))
      .filter((secret) => secret !== undefined)
      .map((secret) => new Signer(secret).sign(id, now, body));
    if (signatures.length === 0) {
      throw new DeliveryError(
        'KEYFENCE_SECRET has changed: rotate the secret of the webhook',
        true,
      );
    }
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': signatures.join(' '),
    };
  }
}
