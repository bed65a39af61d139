import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import type { DeliveryId } from '../common/ids.js';
import { decodeCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { Mutations } from '../permissions/mutations.js';
import { DeliveryStore } from './delivery.store.js';
import { deliveryView, type DeliveryView, type ListDeliveries } from './delivery.dto.js';

/** Deliveries of all organisations, for operators: it is they who look after the mail server. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly store: DeliveryStore,
    private readonly mutations: Mutations,
  ) {}

  async list(query: ListDeliveries): Promise<Page<DeliveryView>> {
    const after = decodeCursor(query.cursor, (value) => value === '');
    const rows = await this.store.list(query, after);
    return toPage(rows, query.limit, deliveryView, ({ id }) => ({ value: '', id }));
  }

  /** Lets a delivery that has failed be tried again; any other stays as it is. */
  retry(caller: Caller, id: DeliveryId): Promise<Committed<DeliveryView>> {
    return this.mutations.run(caller, [], async ({ tx, me, record }) => {
      const { state, reason } = await this.store.get(id, tx);
      if (state === 'failed') {
        await this.store.retry(tx, id);
        const orgId = me.principal.org.id;
        const before = { state, reason };
        const after = { state: 'waiting' };
        await record({ orgId, action: 'delivery.retried', targetId: id, before, after });
      }
      return deliveryView(await this.store.get(id, tx));
    });
  }
}
