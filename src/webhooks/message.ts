import { z } from 'zod';
import { sampleIds, timestamp } from '../common/answer.js';
import { id } from '../common/schema.js';
import type { Message } from '../openapi/document.js';
import { eventTypes } from '../outbox/events.js';

/** What a webhook sends, as the body of the POST. */
const WebhookMessage = z
  .strictObject({
    type: z.enum([...eventTypes, 'ping']),
    timestamp: timestamp.describe('When it happened.'),
    data: z.strictObject({
      orgId: id('org'),
      keyId: id('key').nullable().describe('The key that it is about.'),
      userId: id('usr').nullable().describe('The member that it is about.'),
      auditEventId: id('aud').nullable().describe('The row of the audit log that tells more.'),
      details: z
        .record(z.string(), z.unknown())
        .describe(
          'What the audit log calls `after`; `expiresAt` and `daysBefore` for `key.expiring`. Fields ' +
            'can be added.',
        ),
    }),
  })
  .meta({
    id: 'WebhookMessage',
    examples: [
      {
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
    ],
  });

/** Describes what webhooks send. */
export const webhookMessage: Message = {
  summary: 'Something happened in an organisation',
  body: WebhookMessage,
  headers: {
    'webhook-id':
      'The delivery: the same each time that it is sent, so that repetitions can be told.',
    'webhook-timestamp': 'When it was sent, in seconds since 1970: refuse what is old.',
    'webhook-signature':
      'Signatures (Standard Webhooks, `v1`), separated by spaces. One of them must be good.',
  },
};
