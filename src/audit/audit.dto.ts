import {
  AnyObject,
  Characters,
  Describes,
  IdOf,
  Instant,
  Nested,
  Nullable,
  OneOf,
  Optional,
} from '../common/fields.js';
import type { AuditEventId, Id, KeyId, OrgId, UserId } from '../common/ids.js';
import { PageQuery } from '../common/page.js';
import { pageOf, sampleIds, without } from '../common/views.js';
import { auditActions, type AuditAction } from './actions.js';
import type { AuditedState, AuditEvent } from './audit-event.entity.js';

/** Filters of the audit log, which are combined with AND, and the page of the result. */
export class ListAuditEvents extends PageQuery {
  @Optional()
  @IdOf(['usr', 'key'], 'The user or the key that acted.')
  actor?: UserId | KeyId;

  @Optional()
  @OneOf(auditActions)
  action?: AuditAction;

  @Optional()
  @IdOf(['org', 'usr', 'key', 'dlv', 'whk', 'ses'], 'What was changed.')
  target?: Id<'org' | 'usr' | 'key' | 'dlv' | 'whk' | 'ses'>;

  @Optional()
  @Instant('The beginning of the period, included.')
  from?: Date;

  @Optional()
  @Instant('The end of the period, not included.')
  to?: Date;
}

/** The filters alone. */
export class AuditFilters extends without(ListAuditEvents, 'limit', 'cursor') {}

class Actor {
  @OneOf(
    ['system', 'key', 'console', 'secret_holder'],
    '`system` is the service itself; `console` a user who was signed in there; `secret_holder` ' +
      'somebody who presented only the secret of the key.',
  )
  kind!: 'system' | 'key' | 'console' | 'secret_holder';

  @Nullable()
  @IdOf('org')
  orgId!: OrgId | null;

  @Nullable()
  @IdOf('usr')
  userId!: UserId | null;

  @Nullable()
  @IdOf('key')
  keyId!: KeyId | null;
}

const State = () =>
  AnyObject<AuditedState>({ description: 'Fields and their values; never a secret.' });

/** One row of the audit log. */
@Describes({
  id: 'AuditEvent',
  example: {
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
})
export class AuditEventView {
  @IdOf('aud')
  id!: AuditEventId;

  @Instant()
  at!: Date;

  @Nested(Actor, 'Who did it.')
  actor!: Actor;

  @OneOf(auditActions)
  action!: AuditAction;

  @Characters('What was changed.')
  targetId!: string;

  @Nullable()
  @State()
  before!: AuditedState | null;

  @Nullable()
  @State()
  after!: AuditedState | null;

  @Nullable()
  @Characters(
    'Null for an operator as actor, unless an operator reads it; the same for `userAgent`.',
  )
  ip!: string | null;

  @Nullable()
  @Characters()
  userAgent!: string | null;

  @Nullable()
  @Characters('The `X-Request-Id` of the response.')
  requestId!: string | null;
}
export const AuditEventPage = pageOf(AuditEventView);

function actorOf(event: AuditEvent): AuditEventView['actor'] {
  const { actorOrgId: orgId, actorUserId: userId, actorKeyId: keyId } = event;
  if (keyId !== null)
    return { kind: userId === null ? 'secret_holder' : 'key', orgId, userId, keyId };
  return { kind: userId === null ? 'system' : 'console', orgId, userId, keyId };
}

/**
 * @param reader of the event: only operators see the address of an operator. In an organisation that is
 *   not theirs, only operators act.
 */
export function auditEventView(event: AuditEvent, reader: OrgId): AuditEventView {
  const { id: eventId, orgId, at, action, targetId, before, after, requestId } = event;
  const { actorOrgId, ip, userAgent } = event;
  const isHidden = reader === orgId && actorOrgId !== null && actorOrgId !== orgId;
  const origin = isHidden ? { ip: null, userAgent: null } : { ip, userAgent };
  return {
    id: eventId,
    at,
    actor: actorOf(event),
    action,
    targetId,
    before,
    after,
    ...origin,
    requestId,
  };
}
