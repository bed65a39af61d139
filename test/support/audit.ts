import { expect } from 'expect';
import type { Answer } from './client.js';
import type { Service } from './service.js';

export interface AuditRow {
  id: string;
  at: string;
  action: string;
  targetId: string;
  actor: { kind: string; orgId: string; userId: string; keyId: string };
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  ip: string;
  userAgent: string;
  requestId: string;
}

/** The newest events of an organisation, newest first, as an operator reads them. */
export async function auditEvents(
  service: Service,
  orgId: string,
  query = 'limit=100',
): Promise<AuditRow[]> {
  const answer = await service.operator.get(`/v1/orgs/${orgId}/audit-events?${query}`);
  expect(answer.status).toBe(200);
  return answer.body.items as AuditRow[];
}

/** How many audit events there are, whoever may see them. */
async function countEvents(service: Service): Promise<number> {
  const { rows } = await service.db.query<{ n: string }>('SELECT count(*) AS n FROM audit_events');
  return Number(rows[0]?.n);
}

/**
 * Makes a change and returns its answer and the events that it added to the organisation's log,
 * newest first. All of them must belong to the request, and none may stand in another log.
 */
export async function audited(
  service: Service,
  orgId: string | undefined,
  send: () => Promise<Answer>,
): Promise<{ answer: Answer; events: AuditRow[] }> {
  const before = await countEvents(service);
  const answer = await send();
  const added = (await countEvents(service)) - before;
  const log = orgId ?? (answer.body.id as string);
  const events = added === 0 ? [] : await auditEvents(service, log, `limit=${added}`);
  const requestIds = new Set(events.map(({ requestId }) => requestId));
  expect([...requestIds]).toEqual(added === 0 ? [] : [answer.headers.get('x-request-id')]);
  expect(events).toHaveLength(added);
  return { answer, events };
}

/** Checks that an answer names the number of the state that its change led to. */
export async function expectAuthSeq(service: Service, answer: Answer): Promise<void> {
  const { rows } = await service.db.query<{ n: string }>('SELECT n FROM auth_head');
  expect(answer.body.authSeq).toBe(Number(rows[0]?.n));
}
