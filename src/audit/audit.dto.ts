import { z } from 'zod';
import { pageOf, sampleIds, timestamp } from '../common/answer.js';
import { id, instant, pageQuery } from '../common/schema.js';
import { auditActions } from './actions.js';
import type { AuditedState, AuditEvent } from './audit-event.entity.js';

const actor = z.union([id('usr'), id('key')], { error: 'must be an id such as usr_… or key_…' });
const target = z.union([id('org'), id('usr'), id('key'), id('dlv'), id('whk'), id('ses')], {
  error: 'must be an id such as org_…, usr_…, key_…, dlv_…, whk_… or ses_…',
});

/** Filters of the audit log; all that are given must hold. */
export const AuditFilters = z.strictObject({
  actor: actor.optional().describe('The user or the key that acted.'),
  action: z.enum(auditActions).optional(),
  target: target.optional().describe('What was changed.'),
  from: instant.optional().describe('The first instant that is still of interest.'),
  to: instant.optional().describe('The first instant that is of no interest any more.'),
});
export type AuditFilters = z.infer<typeof AuditFilters>;

export const ListAuditEvents = pageQuery.extend(AuditFilters.shape);
export type ListAuditEvents = z.infer<typeof ListAuditEvents>;

const Actor = z
  .strictObject({
    kind: z
      .enum(['system', 'key', 'console', 'secret_holder'])
      .describe(
        '`system` is the service itself; `console` a user who was signed in there; `secret_holder` ' +
          'somebody who showed no more than the secret of the key.',
      ),
    orgId: id('org').nullable(),
    userId: id('usr').nullable(),
    keyId: id('key').nullable(),
  })
  .describe('Who did it.');

const State = z
  .custom<AuditedState>()
  .meta({ type: 'object', description: 'Fields and their values; never a secret.' })
  .nullable();

/** One row of the audit log. */
export const AuditEventView = z
  .strictObject({
    id: id('aud'),
    at: timestamp,
    actor: Actor,
    action: z.enum(auditActions),
    targetId: z.string().describe('What was changed.'),
    before: State,
    after: State,
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string().nullable().describe('The `X-Request-Id` of the answer.'),
  })
  .meta({
    id: 'AuditEvent',
    examples: [
      {
        id: sampleIds.event,
        at: '2026-11-02T09:30:00.000Z',
        actor: {
          kind: 'key',
          orgId: sampleIds.org,
          userId: sampleIds.user,
          keyId: sampleIds.key,
        },
        action: 'key.changed',
        targetId: sampleIds.key,
        before: { name: 'collector' },
        after: { name: 'telemetry collector' },
        ip: '192.0.2.7',
        userAgent: 'curl/8.14.1',
        requestId: '6f1f2c0e-0f2b-4d0a-9a55-1a8d9b6f3c21',
      },
    ],
  });
export type AuditEventView = z.infer<typeof AuditEventView>;
export const AuditEventPage = pageOf(AuditEventView);

function actorOf(event: AuditEvent): AuditEventView['actor'] {
  const { actorOrgId: orgId, actorUserId: userId, actorKeyId: keyId } = event;
  if (keyId !== null)
    return { kind: userId === null ? 'secret_holder' : 'key', orgId, userId, keyId };
  return { kind: userId === null ? 'system' : 'console', orgId, userId, keyId };
}

export function auditEventView(event: AuditEvent): AuditEventView {
  const { id: eventId, at, action, targetId, before, after, ip, userAgent, requestId } = event;
  const actor = actorOf(event);
  return { id: eventId, at, actor, action, targetId, before, after, ip, userAgent, requestId };
}
