import { byRules, fieldOfKind } from '../common/field.js';
import {
  Characters,
  Describes,
  IdOf,
  Instant,
  isAtMost,
  isText,
  ListOf,
  Nested,
  NotEmpty,
  Nullable,
  OneOf,
  ofText,
  Optional,
  Preset,
  UniqueList,
} from '../common/fields.js';
import type { OrgId, WebhookId } from '../common/ids.js';
import { exampleOf } from '../common/json-schema.js';
import { PageQuery } from '../common/page.js';
import { containsSecret } from '../common/secret.js';
import { committed, pageOf, sampleIds } from '../common/views.js';
import { eventTypes, type EventType } from '../notifications/events.js';
import type { Webhook } from './webhook.entity.js';

const maxLength = 2_000;

const flawsOfTarget = byRules(
  [ofText((text) => /^https?:\/\//i.test(text) && URL.canParse(text)), 'must be an https URL'],
  [isAtMost(maxLength), `must have at most ${maxLength} characters`],
  [
    ofText((text) => {
      const { username, password, hash } = new URL(text);
      return username === '' && password === '' && hash === '';
    }),
    'must have neither user, password nor fragment',
  ],
  [ofText((text) => !containsSecret(text)), 'must not contain an API key: it would be stored'],
);

/** The URL of a webhook. The service checks the host, as it knows what is allowed. */
const Target = () =>
  fieldOfKind<URL>(
    {
      schema: { type: 'string', format: 'uri', maxLength },
      convert: (value) => {
        // The characters that the parser of URLs removes as well.
        const text = isText(value) ? value.trim().replace(/[\t\n\r]/g, '') : value;
        return flawsOfTarget(text).length === 0 ? new URL(text as string) : text;
      },
      flaws: (value) => (value instanceof URL ? [] : flawsOfTarget(value)),
    },
    'Where events are sent by POST: an `https` URL of a public host.',
  );

const Events = () =>
  UniqueList(
    OneOf(eventTypes),
    eventTypes.length,
    'The types of events that are sent; null for all, including future ones.',
  );

@Describes({
  id: 'CreateWebhook',
  example: { url: 'https://hooks.example.com/keyfence', events: ['key.expiring'] },
})
export class CreateWebhook {
  @Target()
  url!: URL;

  @Preset()
  @Nullable()
  @Events()
  events: EventType[] | null = null;
}

/** Fields that are left out stay as they are. */
@NotEmpty()
@Describes({ id: 'ChangeWebhook', example: { events: null } })
export class ChangeWebhook {
  @Optional()
  @Target()
  url?: URL;

  @Optional()
  @Nullable()
  @Events()
  events?: EventType[] | null;
}

export class ListWebhooks extends PageQuery {}

@Describes({
  id: 'Webhook',
  example: {
    id: sampleIds.webhook,
    orgId: sampleIds.org,
    url: 'https://hooks.example.com/keyfence',
    events: ['key.expiring'],
    createdAt: '2026-11-02T09:10:00.000Z',
  },
})
export class WebhookView {
  @IdOf('whk')
  id!: WebhookId;

  @IdOf('org')
  orgId!: OrgId;

  @Characters()
  url!: string;

  @Nullable()
  @ListOf(OneOf(eventTypes), {}, 'Null for all.')
  events!: EventType[] | null;

  @Instant()
  createdAt!: Date;
}
export const WebhookPage = pageOf(WebhookView);
export const WebhookCommitted = committed(WebhookView);

/** A webhook, and the secret that its receiver needs. */
@Describes({ example: { webhook: exampleOf(WebhookView), secret: 'whsec_C2FV…' } })
class WebhookSecret {
  @Nested(WebhookView)
  webhook!: WebhookView;

  @Optional()
  @Characters(
    'The secret that messages are signed with, for the receiver. Shown only in this response: left out when ' +
      'it repeats an earlier one.',
  )
  secret?: string;
}
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
