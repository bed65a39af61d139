import { z } from 'zod';
import { committed, exampleOf, pageOf, sampleIds, timestamp } from '../common/answer.js';
import { id, pageQuery, uniqueList } from '../common/schema.js';
import { containsSecret } from '../common/secret.js';
import { eventTypes } from '../outbox/events.js';
import type { Webhook } from './webhook.entity.js';

/** Where a webhook leads. The host is looked at by the service, which knows what is allowed. */
const target = z
  .url({ protocol: /^https?$/, error: 'must be an https URL', abort: true })
  .max(2_000)
  .refine((value) => {
    const { username, password, hash } = new URL(value);
    return username === '' && password === '' && hash === '';
  }, 'must have neither user, password nor fragment')
  .refine((value) => !containsSecret(value), 'must not contain an API key: it would be stored')
  // As it is sent: host names in lower case, addresses in their canonical form.
  .transform((value) => new URL(value).href)
  .describe('Where events are sent by POST: an `https` URL of a public host.');

const events = uniqueList(z.enum(eventTypes), eventTypes.length)
  .nullable()
  .describe('The types of events that are sent; null for all, also those to come.');

export const CreateWebhook = z.strictObject({ url: target, events: events.default(null) }).meta({
  id: 'CreateWebhook',
  examples: [{ url: 'https://hooks.example.com/keyfence', events: ['key.expiring'] }],
});
export type CreateWebhook = z.infer<typeof CreateWebhook>;

/** Fields that are left out stay as they are. */
export const ChangeWebhook = z
  .strictObject({ url: target.optional(), events: events.optional() })
  .refine((body) => Object.keys(body).length > 0, { error: 'must change something' })
  .meta({ id: 'ChangeWebhook', minProperties: 1, examples: [{ events: null }] });
export type ChangeWebhook = z.infer<typeof ChangeWebhook>;

export const ListWebhooks = pageQuery;
export type ListWebhooks = z.infer<typeof ListWebhooks>;

export const WebhookView = z
  .strictObject({
    id: id('whk'),
    orgId: id('org'),
    url: z.string(),
    events: z.array(z.enum(eventTypes)).nullable().describe('Null for all.'),
    createdAt: timestamp,
  })
  .meta({
    id: 'Webhook',
    examples: [
      {
        id: sampleIds.webhook,
        orgId: sampleIds.org,
        url: 'https://hooks.example.com/keyfence',
        events: ['key.expiring'],
        createdAt: '2026-11-02T09:10:00.000Z',
      },
    ],
  });
export type WebhookView = z.infer<typeof WebhookView>;
export const WebhookPage = pageOf(WebhookView);
export const WebhookCommitted = committed(WebhookView);

/** A webhook, and the secret that its receiver needs. */
const WebhookSecret = z
  .strictObject({
    webhook: WebhookView,
    secret: z
      .string()
      .optional()
      .describe(
        'What messages are signed with, for the receiver. Shown in this answer alone: left out where ' +
          'it repeats an earlier one.',
      ),
  })
  .meta({
    examples: [{ webhook: exampleOf(WebhookView), secret: 'whsec_C2FV…' }],
  });
export const WebhookCreated = committed(WebhookSecret);

export function webhookView({
  id: webhookId,
  orgId,
  url,
  events: types,
  createdAt,
}: Webhook): WebhookView {
  return { id: webhookId, orgId, url, events: types, createdAt };
}
