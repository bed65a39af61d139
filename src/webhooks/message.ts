import { AnyObject, Describes, IdOf, Instant, Nested, Nullable, OneOf } from '../common/fields.js';
import type { AuditEventId, KeyId, OrgId, UserId } from '../common/ids.js';
import { sampleIds } from '../common/views.js';
import { eventTypes, type EventType } from '../notifications/events.js';
import type { Message } from '../openapi/document.js';

class WebhookData {
  @IdOf('org')
  orgId!: OrgId;

  @Nullable()
  @IdOf('key', 'The key that it is about.')
  keyId!: KeyId | null;

  @Nullable()
  @IdOf('usr', 'The member that it is about.')
  userId!: UserId | null;

  @Nullable()
  @IdOf('aud', 'The row of the audit log with more details.')
  auditEventId!: AuditEventId | null;

  @AnyObject<Record<string, unknown>>(
    { propertyNames: { type: 'string' }, additionalProperties: {} },
    '`after` in the audit log; `expiresAt` and `daysBefore` for `key.expiring`. Fields ' +
      'can be added.',
  )
  details!: Record<string, unknown>;
}

/** What a webhook sends, as the body of the POST. */
@Describes({
  id: 'WebhookMessage',
  example: {
    type: 'key.expiring',
    timestamp: '2026-11-02T09:30:00.000Z',
    data: {
      orgId: sampleIds.org,
      keyId: sampleIds.key,
      userId: null,
      auditEventId: null,
      details: { expiresAt: '2026-11-09T09:30:00.000Z', daysBefore: 7 },
    },
  },
})
class WebhookMessage {
  @OneOf([...eventTypes, 'ping'])
  type!: EventType | 'ping';

  @Instant('When it happened.')
  timestamp!: Date;

  @Nested(WebhookData)
  data!: WebhookData;
}

/** Describes what webhooks send. */
export const webhookMessage: Message = {
  summary: 'Something happened in an organisation',
  body: WebhookMessage,
  headers: {
    'webhook-id':
      'The delivery: the same each time that it is sent, so that repetitions can be recognised.',
    'webhook-timestamp': 'When it was sent, in seconds since 1970: refuse old messages.',
    'webhook-signature':
      'Signatures (Standard Webhooks, `v1`), separated by spaces. One of them must be valid.',
  },
};
