import { expect } from 'expect';
import type { ApiResponse } from './client.js';
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
  const response = await service.operator.get(`/v1/orgs/${orgId}/audit-events?${query}`);
  expect(response.status).toBe(200);
  return response.body.items as AuditRow[];
}

/** How many audit events there are, whether anyone may see them or not. */
async function countEvents(service: Service): Promise<number> {
  const { rows } = await service.db.query<{ n: string }>('SELECT count(*) AS n FROM audit_events');
  return Number(rows[0]?.n);
}

/**
 * Makes a change and returns its response and the events that it added to the organisation's log,
 * newest first. All of them must belong to the request, and none may be in another log.
 *
 * @param elsewhere events that the change adds to the log of the operators beside them
 */
export async function audited(
  service: Service,
  orgId: string | undefined,
  send: () => Promise<ApiResponse>,
  elsewhere = 0,
): Promise<{ response: ApiResponse; events: AuditRow[] }> {
  const before = await countEvents(service);
  const response = await send();
  const added = (await countEvents(service)) - before - elsewhere;
  const log = orgId ?? (response.body.id as string);
  const events = added === 0 ? [] : await auditEvents(service, log, `limit=${added}`);
  const requestIds = new Set(events.map(({ requestId }) => requestId));
  expect([...requestIds]).toEqual(added === 0 ? [] : [response.headers.get('x-request-id')]);
  expect(events).toHaveLength(added);
  return { response, events };
}

/** Checks that a response names the number of the state that its change led to. */
export async function expectAuthSeq(service: Service, response: ApiResponse): Promise<void> {
  const { rows } = await service.db.query<{ n: string }>('SELECT n FROM auth_head');
  expect(response.body.authSeq).toBe(Number(rows[0]?.n));
}
