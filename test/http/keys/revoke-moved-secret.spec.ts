import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../../support/keys.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { whoamiStatuses } from '../../support/persons.js';
import { startService, type Service } from '../../support/service.js';

describe('POST /v1/revoke, while the secret moves', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const report = (key: string) => service.nobody.post('/v1/revoke', { key });
  const moveSecret = 'UPDATE key_secrets SET key_id = $2 WHERE key_id = $1';
  const revokedAmong = async (...ids: string[]) => {
    const { rows } = await service.db.query<{ id: string }>(
      'SELECT id FROM api_keys WHERE id = ANY($1) AND revoked_at IS NOT NULL',
      [ids],
    );
    return rows.map(({ id }) => id);
  };

  it('revokes the key that the secret was moved to while it waited for the one before', async () => {
    const [from, to] = [await createKey(org.manager, org), await createKey(org.manager, org)];
    await using other = await hold(service.db, 'SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [
      from.id,
    ]);
    const response = report(from.secret);
    await untilWaiting(service.db);
    await other.query(moveSecret, [from.id, to.id]);
    await other.commit();
    expect((await response).status).toBe(200);
    expect(await whoamiStatuses(service, [from.secret, to.secret])).toEqual([401, 401]);
    expect(await revokedAmong(from.id, to.id)).toEqual([to.id]);
    expect((await auditOf(org, to.id))[0]?.action).toBe('key.revoked');
    expect((await auditOf(org, from.id))[0]?.action).toBe('key.created');
  });

  it('waits for a move of the secret that has not been committed', async () => {
    const [from, to] = [await createKey(org.manager, org), await createKey(org.manager, org)];
    await using other = await hold(service.db, moveSecret, [from.id, to.id]);
    const response = report(from.secret);
    await untilWaiting(service.db);
    await other.commit();
    expect((await response).status).toBe(200);
    expect(await whoamiStatuses(service, [from.secret])).toEqual([401]);
    expect(await revokedAmong(from.id, to.id)).toEqual([to.id]);
  });

  it('leaves the key alone whose secret was removed meanwhile', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await using other = await hold(service.db, 'DELETE FROM key_secrets WHERE key_id = $1', [id]);
    const response = report(secret);
    await untilWaiting(service.db);
    await other.commit();
    expect((await response).status).toBe(200);
    expect(await revokedAmong(id)).toEqual([]);
  });
});
