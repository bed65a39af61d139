import { Injectable } from '@nestjs/common';
import { Webhook as Signer } from 'standardwebhooks';
import type { DeliveryId } from '../common/ids.js';
import { Deliveries, DeliveryError } from '../outbox/deliveries.js';
import { SecretBox } from './secret-box.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookStore, type Message } from './webhook.store.js';

/** Sends events, signed after the Standard Webhooks specification (1.0.0). */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly store: WebhookStore,
    private readonly deliveries: Deliveries,
    private readonly box: SecretBox,
    private readonly client: WebhookClient,
  ) {}

  async send(id: DeliveryId): Promise<void> {
    await this.deliveries.attempt(id, async () => {
      const message = await this.store.messageOf(id);
      if (message === null) return 'obsolete';
      const { type, data } = message.event;
      const body = JSON.stringify({ type, timestamp: message.at, data });
      await this.client.post(message.url, this.signed(id, message, body), body);
      return 'sent';
    });
  }

  /** The headers of a message: the attempt is signed with its time, so that nobody can send it later. */
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
