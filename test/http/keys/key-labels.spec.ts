import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import { auditOf, expectRefusal, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('the description and the tags of a key', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = (id: string) => org.path(`/keys/${id}`);

  it('are null and empty unless they are given', async () => {
    const { body } = await createKey(org.manager, org);
    expect(body).toMatchObject({ description: null, tags: [] });
  });

  it('are in the response of the creation, in lists and in the audit log', async () => {
    const labels = { description: 'first line\nsecond: größe', tags: ['prod', 'hall-3'] };
    const { id, body } = await createKey(org.manager, org, labels);
    expect(body).toMatchObject(labels);
    expect((await org.manager.get(path(id))).body).toMatchObject(labels);
    const list = await org.manager.get(org.path('/keys?limit=100'));
    expect(list.body.items).toContainEqual(expect.objectContaining({ id, ...labels }));
    const [event] = await auditOf(org, id);
    expect(event.after).toMatchObject(labels);
  });

  it('are changed like a name: with before and after in the audit log, and no other limits', async () => {
    const before = { description: 'old', tags: ['a'] };
    const { id, body } = await createKey(org.manager, org, before);
    const after = { description: null, tags: ['b', 'c'] };
    const response = await org.manager.patch(path(id), after);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ ...body, ...after, authSeq: expect.any(Number) });
    expect((await org.manager.get(path(id))).body).toEqual({ ...body, ...after });
    const [event] = await auditOf(org, id);
    expect(event).toMatchObject({ action: 'key.changed', before, after });
    expect((await org.manager.patch(path(id), { tags: [] })).body).toMatchObject({ tags: [] });
  });

  it('are changed without an entry in the history of decisions', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await verify(service, secret);
    const count = async () => {
      const { rows } = await service.db.query<{ count: string }>(
        `SELECT count(*) FROM auth_log WHERE kind = 'key' AND reference = $1`,
        [id],
      );
      return rows[0]?.count;
    };
    const before = await count();
    await org.manager.patch(path(id), { description: 'noted', tags: ['x'] });
    expect(await count()).toBe(before);
    await org.manager.patch(path(id), { name: 'renamed' });
    expect(Number(await count())).toBe(Number(before) + 1);
  });

  it('can be changed by the owner of the key, and not seen by another member', async () => {
    const { id } = await createKey(org.member, org);
    const { status, body } = await org.member.patch(path(id), { tags: ['mine'] });
    expect({ status, tags: body.tags as unknown }).toEqual({ status: 200, tags: ['mine'] });
    const { id: foreign } = await createKey(org.manager, org);
    const request = () => org.member.patch(path(foreign), { tags: ['mine'] });
    await expectRefusal(service, request, 404, 'not_found');
    const elsewhere = () => other.manager.patch(other.path(`/keys/${id}`), { tags: ['mine'] });
    await expectRefusal(service, elsewhere, 404, 'not_found');
  });

  it('cannot be changed once the key is revoked, nor without keys:write', async () => {
    const { id } = await createKey(org.manager, org);
    const { secret } = await createKey(org.manager, org, { permissions: ['keys:read'] });
    const narrowed = () => service.as(secret).patch(path(id), { tags: ['x'] });
    await expectRefusal(service, narrowed, 403, 'insufficient_permission');
    const nobody = () => service.nobody.patch(path(id), { tags: ['x'] });
    await expectRefusal(service, nobody, 401, 'unauthenticated');
    await org.manager.delete(path(id));
    const request = () => org.manager.patch(path(id), { description: 'too late' });
    await expectRefusal(service, request, 409, 'key_not_active');
  });

  it('are not part of what whoami shows', async () => {
    const { secret } = await createKey(org.manager, org, { description: 'inside', tags: ['t'] });
    const { body } = await service.as(secret).get('/v1/whoami');
    expect(Object.keys(body).filter((field) => /desc|tag/.test(field))).toEqual([]);
  });

  for (const [what, given, stored] of [
    ['trims it', ' text \n', 'text'],
    ['has LF at the end of lines', 'a\r\nb\rc', 'a\nb\nc'],
    ['has it in NFC', 'e\u0301', '\u00e9'],
    ['takes 500 characters', '🔑'.repeat(500), '🔑'.repeat(500)],
  ] as const) {
    it(`the description: ${what}`, async () => {
      const { body } = await createKey(org.manager, org, { description: given });
      expect(body.description).toBe(stored);
    });
  }

  for (const [what, given, stored] of [
    ['are stored in lower case', ['Prod', 'ÄRGER'], ['prod', 'ärger']],
    ['are in NFC', ['e\u0301'], ['\u00e9']],
    ['can have digits and . _ : / -', ['team:a/b_c.d-1', '2026'], ['team:a/b_c.d-1', '2026']],
    [
      'can be ten',
      [...'abcdefghij'].map((letter) => letter.repeat(30)),
      [...'abcdefghij'].map((letter) => letter.repeat(30)),
    ],
  ] as const) {
    it(`tags ${what}`, async () => {
      const { body } = await createKey(org.manager, org, { tags: given });
      expect(body.tags).toEqual(stored);
    });
  }

  for (const [what, labels] of Object.entries({
    'a long description': { description: 'a'.repeat(501) },
    'an empty description': { description: '' },
    'a description of spaces': { description: ' \n ' },
    'a control character': { description: 'a\u0007b' },
    'a NUL character': { description: 'a\u0000b' },
    'half a surrogate pair': { description: '\ud800' },
    'a line separator of Unicode': { description: 'a\u2028b' },
    'a change of direction': { description: 'a\u202eb' },
    'a number': { description: 1 },
    'a secret': { description: `see ${newSecret('kf')}` },
    'no list': { tags: 'a' },
    'null for tags': { tags: null },
    'eleven tags': { tags: [...'abcdefghijk'] },
    'a long tag': { tags: ['a'.repeat(31)] },
    'an empty tag': { tags: [''] },
    'a tag with a space': { tags: ['a b'] },
    'a tag that begins with a sign': { tags: ['-a'] },
    'a tag with a comma': { tags: ['a,b'] },
    'a tag that is no text': { tags: [1] },
    'a tag twice': { tags: ['a', 'a'] },
    'a tag twice in another case': { tags: ['Å', 'A\u030a'] },
    'a tag twice in another form': { tags: ['é', 'E\u0301'] },
  })) {
    it(`are refused with ${what}`, async () => {
      const [field] = Object.keys(labels);
      const body = { name: 'key', scope: 'read', ...labels };
      const create = () => org.manager.post(org.path('/keys'), body);
      const refused = await expectRefusal(service, create, 400, 'invalid_request');
      expect(JSON.stringify(refused.body.errors)).toContain(field);
      const change = () => org.manager.patch(path(org.manager.keyId), labels);
      await expectRefusal(service, change, 400, 'invalid_request');
    });
  }
});
