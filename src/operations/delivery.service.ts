import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations, type Change } from '../changes/mutations.js';
import { Problem } from '../common/errors.js';
import type { DeliveryId, OrgId, WebhookId } from '../common/ids.js';
import { readCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import type { Delivery } from '../notifications/delivery.entity.js';
import { DeliveryStore } from '../notifications/delivery.store.js';
import { deliveryView, ListDeliveries, type DeliveryView } from './delivery.dto.js';

/** Messages to people and programs, for operators and managers. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly store: DeliveryStore,
    private readonly mutations: Mutations,
  ) {}

  /** Deliveries of all organisations, or those to one recipient. */
  async list(
    asked: ListDeliveries,
    recipientId?: Delivery['recipientId'],
  ): Promise<Page<DeliveryView>> {
    const { query, after } = readCursor(ListDeliveries, asked, (value) => value === '');
    const rows = await this.store.list(query, after, recipientId);
    return toPage(rows, query, deliveryView, ({ id }) => ({ value: '', id }));
  }

  /** Starts a failed delivery again; any other stays as it is. */
  retry(caller: Caller, id: DeliveryId): Promise<Committed<DeliveryView>> {
    return this.mutations.run(caller, [], async (change) => {
      const delivery = await this.store.get(id, change.tx);
      return this.retryFailed(change, change.me.principal.org.id, delivery);
    });
  }

  /** The same for a delivery to this webhook. */
  retryTo(
    caller: Caller,
    orgId: OrgId,
    webhookId: WebhookId,
    id: DeliveryId,
  ): Promise<Committed<DeliveryView>> {
    return this.mutations.runIn(caller, orgId, [], async (change) => {
      const delivery = await this.store.get(id, change.tx);
      if (delivery.orgId !== orgId || delivery.recipientId !== webhookId) {
        throw new Problem('not_found');
      }
      return this.retryFailed(change, orgId, delivery);
    });
  }

  private async retryFailed(
    { tx, record }: Change,
    orgId: OrgId,
    { id, state, reason }: Delivery,
  ): Promise<DeliveryView> {
    if (state === 'failed') {
      await this.store.retry(tx, id);
      const before = { state, reason };
      const after = { state: 'waiting' };
      await record({ orgId, action: 'delivery.retried', targetId: id, before, after });
    }
    return deliveryView(await this.store.get(id, tx));
  }
}
