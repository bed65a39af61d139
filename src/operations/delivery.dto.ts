import {
  Characters,
  Count,
  Describes,
  IdOf,
  Instant,
  Integer,
  Nullable,
  OneOf,
  Optional,
} from '../common/fields.js';
import type { DeliveryId, KeyId, OrgId, UserId, WebhookId } from '../common/ids.js';
import { PageQuery } from '../common/page.js';
import { committed, pageOf, sampleIds } from '../common/views.js';
import { eventTypes, type EventType } from '../notifications/events.js';
import { channels, deliveryStates, type Delivery } from '../notifications/delivery.entity.js';

export class ListDeliveries extends PageQuery {
  @Optional()
  @OneOf(deliveryStates, 'Only deliveries in this state.')
  state?: Delivery['state'];
}

/** A message to one person or program, on one channel. */
@Describes({
  id: 'Delivery',
  example: {
    id: sampleIds.delivery,
    orgId: sampleIds.org,
    channel: 'email',
    recipientId: sampleIds.user,
    eventType: null,
    keyId: sampleIds.key,
    daysBefore: 7,
    digestDay: null,
    state: 'failed',
    attempts: 12,
    nextAttemptAt: null,
    reason: 'connect ECONNREFUSED 192.0.2.25:587',
    createdAt: '2026-11-02T09:30:00.000Z',
    finishedAt: '2026-11-03T19:37:00.000Z',
  },
})
export class DeliveryView {
  @IdOf('dlv', 'Also the `webhook-id`, and the left part of the `Message-ID`.')
  id!: DeliveryId;

  @IdOf('org')
  orgId!: OrgId;

  @OneOf(channels)
  channel!: Delivery['channel'];

  @IdOf(['usr', 'whk'], 'The user who gets the mail, or the webhook.')
  recipientId!: UserId | WebhookId;

  @Nullable()
  @OneOf([...eventTypes, 'ping'], 'The event for a webhook; null for mail.')
  eventType!: EventType | 'ping' | null;

  @Nullable()
  @IdOf('key', 'The key of a reminder; null for other deliveries.')
  keyId!: KeyId | null;

  @Nullable()
  @Integer('The reminder: days before the expiry, 0 for the expiry; null for other deliveries.')
  daysBefore!: number | null;

  @Nullable()
  @Characters('The day (UTC) whose digest it is.')
  digestDay!: string | null;

  @OneOf(
    deliveryStates,
    '`superseded`: there was newer news before it was sent; `obsolete`: there was ' +
      'nothing left to send.',
  )
  state!: Delivery['state'];

  @Count()
  attempts!: number;

  @Nullable()
  @Instant('Null unless it waits.')
  nextAttemptAt!: Date | null;

  @Nullable()
  @Characters('Why the last attempt failed.')
  reason!: string | null;

  @Instant()
  createdAt!: Date;

  @Nullable()
  @Instant()
  finishedAt!: Date | null;
}
export const DeliveryPage = pageOf(DeliveryView);
export const DeliveryCommitted = committed(DeliveryView);

export function deliveryView(delivery: Delivery): DeliveryView {
  const { id: deliveryId, orgId, channel, recipientId, keyId, threshold, digestDay } = delivery;
  const { state, attempts, nextAttemptAt, reason, createdAt, finishedAt } = delivery;
  return {
    id: deliveryId,
    orgId,
    channel,
    recipientId,
    eventType: delivery.event?.type ?? null,
    keyId,
    daysBefore: threshold,
    digestDay,
    state,
    attempts,
    nextAttemptAt: state === 'waiting' ? nextAttemptAt : null,
    reason,
    createdAt,
    finishedAt,
  };
}
