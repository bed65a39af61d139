import { z } from 'zod';
import { committed, pageOf, sampleIds, timestamp } from '../common/answer.js';
import { id, pageQuery } from '../common/schema.js';
import { eventTypes } from '../outbox/events.js';
import { channels, deliveryStates, type Delivery } from '../outbox/delivery.entity.js';

export const ListDeliveries = pageQuery.extend({
  state: z.enum(deliveryStates).optional().describe('Only deliveries in this state.'),
});
export type ListDeliveries = z.infer<typeof ListDeliveries>;

/** What one person or program is told, on one channel. */
export const DeliveryView = z
  .strictObject({
    id: id('dlv').describe('Also the `webhook-id`, and the left part of the `Message-ID`.'),
    orgId: id('org'),
    channel: z.enum(channels),
    recipientId: z.union([id('usr'), id('whk')]).describe('Whose mail, or which webhook.'),
    eventType: z
      .enum([...eventTypes, 'ping'])
      .nullable()
      .describe('What a webhook is told; null for mail.'),
    keyId: id('key').nullable().describe('The key that it reminds of; null for all else.'),
    daysBefore: z
      .int()
      .nullable()
      .describe('The reminder: days before the expiry, 0 for the expiry; null for all else.'),
    digestDay: z.string().nullable().describe('The day (UTC) whose digest it is.'),
    state: z
      .enum(deliveryStates)
      .describe(
        '`superseded`: there was something newer to tell before it left; `obsolete`: there was ' +
          'nothing left to tell.',
      ),
    attempts: z.int().nonnegative(),
    nextAttemptAt: timestamp.nullable().describe('Null unless it waits.'),
    reason: z.string().nullable().describe('Why the last attempt failed.'),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({
    id: 'Delivery',
    examples: [
      {
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
    ],
  });
export type DeliveryView = z.infer<typeof DeliveryView>;
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
