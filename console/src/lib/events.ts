import type { Delivery, NewWebhook } from '../api/webhooks';

type EventType = NonNullable<NewWebhook['events']>[number];

/** The events that webhooks receive, in words. */
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
  waiting: { name: 'Pending', colour: 'indigo' },
  sent: { name: 'Sent', colour: 'teal' },
  logged: { name: 'Logged', colour: 'gray' },
  failed: { name: 'Failed', colour: 'red' },
  superseded: { name: 'Skipped: a newer one was sent', colour: 'gray' },
  obsolete: { name: 'Skipped: no longer true', colour: 'gray' },
};
