import { Injectable } from '@nestjs/common';
import { newId, type DeliveryId, type WebhookId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import { DeliveryStore, type NewEventDelivery } from './delivery.store.js';
import { tellable, type NewEvent } from './events.js';

function deliveryTo(recipientId: WebhookId, event: NewEvent): NewEventDelivery {
  const { orgId, reminder } = event;
  return { id: newId('dlv'), orgId, recipientId, event: tellable(event), ...reminder };
}

/** Notifies webhooks of changes: a delivery is stored in the transaction of its change. */
@Injectable()
export class Outbox {
  constructor(private readonly store: DeliveryStore) {}

  /** Adds a delivery of each event to each webhook of its organisation that subscribes to it. */
  async append(tx: Tx, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const orgIds = [...new Set(events.map(({ orgId }) => orgId))];
    const webhooks = await this.store.webhooksOf(tx, orgIds);
    const deliveries = events.flatMap((event) =>
      webhooks
        .filter(({ orgId, events: wanted }) => {
          return orgId === event.orgId && (wanted?.includes(event.type) ?? true);
        })
        .map(({ id }) => deliveryTo(id, event)),
    );
    await this.store.insertEvents(tx, deliveries);
  }

  /** Adds a delivery to one webhook, whatever it subscribes to. */
  async send(tx: Tx, webhookId: WebhookId, event: NewEvent): Promise<DeliveryId> {
    const delivery = deliveryTo(webhookId, event);
    await this.store.insertEvents(tx, [delivery]);
    return delivery.id;
  }
}
