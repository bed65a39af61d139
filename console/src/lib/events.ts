import type { Delivery, NewWebhook } from '../api/webhooks';

type EventType = NonNullable<NewWebhook['events']>[number];

/** What programs can be told of, in words. */
export const events: Record<EventType, string> = {
  'key.created': 'Key created',
  'key.revoked': 'Key revoked',
  'key.expiring': 'Key about to expire',
  'key.expired': 'Key expired',
  'member.removed': 'Member removed',
  'org.suspended': 'Organisation suspended',
};

/** @param types null for all */
export const eventsOf = (types: EventType[] | null): string =>
  types === null ? 'All' : types.map((type) => events[type]).join(', ');

export const deliveryStates: Record<Delivery['state'], { name: string; colour: string }> = {
  waiting: { name: 'Waits', colour: 'indigo' },
  sent: { name: 'Sent', colour: 'teal' },
  failed: { name: 'Failed', colour: 'red' },
  superseded: { name: 'Superseded', colour: 'gray' },
  obsolete: { name: 'Obsolete', colour: 'gray' },
};
