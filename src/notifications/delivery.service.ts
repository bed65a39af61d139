import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import type { DeliveryId, OrgId, WebhookId } from '../common/ids.js';
import { Problem } from '../common/errors.js';
import { decodeCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { Mutations, type Change } from '../permissions/mutations.js';
import type { Delivery } from '../outbox/delivery.entity.js';
import { DeliveryStore } from '../outbox/delivery.store.js';
import { deliveryView, type DeliveryView, type ListDeliveries } from './delivery.dto.js';

/** What people and programs are told: for whoever looks after those who receive it. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly store: DeliveryStore,
    private readonly mutations: Mutations,
  ) {}

  /** Deliveries of all organisations, or those to one recipient. */
  async list(
    query: ListDeliveries,
    recipientId?: Delivery['recipientId'],
  ): Promise<Page<DeliveryView>> {
    const after = decodeCursor(query.cursor, (value) => value === '');
    const rows = await this.store.list(query, after, recipientId);
    return toPage(rows, query.limit, deliveryView, ({ id }) => ({ value: '', id }));
  }

  /** Lets a delivery that has failed be tried again; any other stays as it is. */
  retry(caller: Caller, id: DeliveryId): Promise<Committed<DeliveryView>> {
    return this.mutations.run(caller, [], async (change) => {
      const delivery = await this.store.get(id, change.tx);
      return this.tryAgain(change, change.me.principal.org.id, delivery);
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
      return this.tryAgain(change, orgId, delivery);
    });
  }

  private async tryAgain(
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
