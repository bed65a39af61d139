import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expire, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

const older = 'an older secret of the service, long enough';
const newer = 'a newer secret of the service, long enough';
const tooLate =
  'KEYFENCE_SECRET does not list a secret that live keys of this database were made with. ' +
  'Add the earlier secret to the list, behind the one for new keys.';

describe('the list of KEYFENCE_SECRET', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService({ settings: { secrets: [older] } });
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const start = (...secrets: string[]): Promise<SecondService> =>
    startSecondService(service, { settings: { secrets } });

  it('lets keys that were made under the old secret go on when a new one is put first', async () => {
    const made = await createKey(org.member, org);
    const node = await start(newer, older);
    try {
      expect((await node.as(made.secret).get('/v1/whoami')).body).toMatchObject({
        keyId: made.id,
      });
      const { body } = await node.as(org.member.key).post('/v1/verify', { key: made.secret });
      expect(body).toMatchObject({ valid: true, keyId: made.id });
    } finally {
      await node.stop();
    }
  });

  it('makes new keys under the first secret: nodes that lack it do not know them', async () => {
    const node = await start(newer, older);
    try {
      const { body } = await node
        .as(org.member.key)
        .post(org.path('/keys'), { name: 'new', scope: 'read' });
      expect((await node.as(body.secret).get('/v1/whoami')).status).toBe(200);
      expect(await verify(service, body.secret)).toMatchObject({ code: 'INVALID' });
      const ready = await start(older, newer);
      expect((await ready.as(body.secret).get('/v1/whoami')).status).toBe(200);
      await ready.stop();
      await org.manager.delete(org.path(`/keys/${body.key.id as string}`));
    } finally {
      await node.stop();
    }
  });

  it('works in any order and with secrets that nothing was made with', async () => {
    const node = await start('a secret that nothing was ever made with', newer, older);
    expect((await node.as(org.member.key).get('/v1/whoami')).status).toBe(200);
    await node.stop();
  });

  it('must name every secret that live keys need: else the service says so and does not start', async () => {
    await expect(start(newer)).rejects.toThrow(tooLate);
    await expect(start(`${older} `)).rejects.toThrow(tooLate);
    expect((await org.member.get('/v1/whoami')).status).toBe(200);
  });

  it('may lose a secret once none of its keys is live', async () => {
    const fresh = await startService({ settings: { secrets: [older] } });
    try {
      const node = await startSecondService(fresh, { settings: { secrets: [newer, older] } });
      const operator = await node.as(fresh.operator.key ?? '').get('/v1/whoami');
      const { orgId, keyId } = operator.body as { orgId: string; keyId: string };
      const input = { name: 'successor', scope: 'admin' };
      const created = await node.as(fresh.operator.key ?? '').post(`/v1/orgs/${orgId}/keys`, input);
      await node.stop();

      const withoutOlder = () => startSecondService(fresh, { settings: { secrets: [newer] } });
      await expect(withoutOlder()).rejects.toThrow(tooLate);
      await expire(fresh, keyId);
      const alone = await withoutOlder();
      expect((await alone.as(created.body.secret).get('/v1/whoami')).status).toBe(200);
      await alone.stop();
    } finally {
      await fresh.stop();
    }
  });
});
