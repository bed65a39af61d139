import { expect } from 'expect';
import type { ApiResponse } from './client.js';
import type { Organisation } from './organisation.js';
import type { Service } from './service.js';

/** The decision on a secret, as a protected service gets it. */
export async function verify(
  service: Service,
  secret: string,
  wanted: { permission?: string; ip?: string } = {},
): Promise<ApiResponse['body']> {
  const { status, body } = await service.operator.post('/v1/verify', { key: secret, ...wanted });
  expect(status).toBe(200);
  return body;
}

/** What the audit log of the organisation says of one object, the newest first. */
export async function auditOf(org: Organisation, targetId: string): Promise<ApiResponse['body'][]> {
  const query = `?target=${targetId}&limit=100`;
  const { status, body } = await org.manager.get(org.path(`/audit-events${query}`));
  expect({ status, next: body.nextCursor }).toEqual({ status: 200, next: null });
  return body.items as ApiResponse['body'][];
}

/** The number of the newest change, and how many rows the audit log has. */
async function traces({ db }: Service): Promise<unknown> {
  const { rows } = await db.query(
    'SELECT n AS head, (SELECT count(*) FROM audit_events) AS events FROM auth_head',
  );
  return rows[0];
}

/** Sends a request that must be refused, change nothing and leave no row in the audit log. */
export async function expectRefusal(
  service: Service,
  request: () => Promise<ApiResponse>,
  status: number,
  code: string,
): Promise<ApiResponse> {
  const before = await traces(service);
  const response = await request();
  expect({ status: response.status, code: response.body?.code }).toEqual({ status, code });
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await traces(service)).toEqual(before);
  return response;
}

/**
 * Lets a key expire, as the passing of time does. No sweep notices: tests of what a request leaves in
 * the audit log are not about that.
 */
export async function expire({ db }: Service, keyId: string): Promise<void> {
  await db.query(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
    keyId,
  ]);
  await db.query('DELETE FROM expiry_watch WHERE key_id = $1', [keyId]);
}

/**
 * Makes the key of a person one without a list of its own, as a key is that they made for
 * themselves. Operators made it, so it has one.
 */
export async function unnarrow({ db }: Service, { keyId }: { keyId: string }): Promise<void> {
  await db.query('UPDATE api_keys SET permissions = NULL WHERE id = $1', [keyId]);
}
