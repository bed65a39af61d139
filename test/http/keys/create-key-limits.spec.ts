import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/client.js';
import { expectRefusal, unnarrow, verify } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const grants = ['telemetry:read', 'telemetry:write', 'telemetry:admin', 'scenarios:read'];

describe('what a new key may hold', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service, grants);
    await unnarrow(service, org.manager);
    await unnarrow(service, org.member);
  });
  afterAll(() => service.stop());

  /** A further key of the manager, with limits of its own. */
  const issuer = async (limits: object): Promise<Caller> =>
    service.as((await createKey(org.manager, org, { scope: 'admin', ...limits })).secret);

  const create = (by: Pick<Caller, 'post'>, input: object) => () =>
    by.post(org.path('/keys'), { name: 'a key', scope: 'read', ...input });

  const created = async (by: Pick<Caller, 'post'>, input: object) => {
    const { status, body } = await create(by, input)();
    expect(status).toBe(201);
    return { key: body.key, decision: await verify(service, body.secret as string) };
  };

  describe('by scope', () => {
    const all: Record<string, string[]> = {
      read: [
        'audit:read',
        'keys:read',
        'members:read',
        'org:read',
        'scenarios:read',
        'webhooks:read',
      ],
      'read-write': ['keys:write', 'telemetry:write'],
      admin: ['keys:admin', 'members:admin', 'org:admin', 'telemetry:admin', 'webhooks:admin'],
    };

    it('read, read-write and admin each cover what the one before covers', async () => {
      let expected = ['telemetry:read'];
      for (const scope of ['read', 'read-write', 'admin']) {
        expected = [...expected, ...(all[scope] ?? [])].sort();
        const { decision } = await created(org.manager, { scope });
        expect(decision).toMatchObject({ scope, permissions: expected });
      }
    });

    for (const [what, scope] of Object.entries({
      'another word': 'owner',
      'capital letters': 'Read',
      'another spelling': 'readwrite',
      'an empty text': '',
      null: null,
      'a number': 1,
      'a list': ['read'],
      'nothing at all': undefined,
    })) {
      it(`is one of the three, and not ${what}`, async () => {
        const request = create(org.manager, { scope });
        const { body } = await expectRefusal(service, request, 400, 'invalid_request');
        expect(body.errors).toMatchObject([{ path: 'scope' }]);
      });
    }
  });

  describe('by its own list of permissions', () => {
    it('is that list and nothing else', async () => {
      const permissions = ['telemetry:write', 'telemetry:read'];
      const { key, decision } = await created(org.manager, { scope: 'read-write', permissions });
      expect(key.permissions).toEqual(permissions);
      expect(decision.permissions).toEqual(['telemetry:read', 'telemetry:write']);
    });

    it('is never what the scope does not cover', async () => {
      for (const [scope, one] of [
        ['read', 'telemetry:write'],
        ['read', 'telemetry:admin'],
        ['read-write', 'telemetry:admin'],
        ['read', 'keys:write'],
      ]) {
        const request = create(org.manager, { scope, permissions: ['telemetry:read', one] });
        const { body } = await expectRefusal(service, request, 400, 'permission_outside_scope');
        expect(body.detail).toBe(`A ${scope} key cannot hold ${one}.`);
      }
    });

    it('is never what the issuer does not hold, whatever the owner holds', async () => {
      const narrow = await issuer({ permissions: ['keys:admin', 'telemetry:read'] });
      for (const one of ['telemetry:write', 'billing:read', 'orgs:read', 'verify:read']) {
        const request = create(narrow, {
          scope: 'read-write',
          permissions: ['telemetry:read', one],
        });
        const { body } = await expectRefusal(service, request, 403, 'exceeds_issuer');
        expect(body.detail).toBe(`You do not hold ${one}.`);
      }
      const byMember = create(org.member, { permissions: ['members:read'] });
      await expectRefusal(service, byMember, 403, 'exceeds_issuer');
    });

    it('is never what the grants of the issuer leave out, also for an owner who has more', async () => {
      const poor = await addPerson(service, org.id, 'manager', ['scenarios:read']);
      await unnarrow(service, poor);
      const ownerId = org.manager.userId;
      const request = create(poor, { ownerId, permissions: ['telemetry:read'] });
      await expectRefusal(service, request, 403, 'exceeds_issuer');
      const { decision } = await created(poor, { ownerId });
      expect(decision.permissions).toContain('scenarios:read');
      expect(decision.permissions).not.toContain('telemetry:read');
    });

    it('lends an owner nothing that they do not hold themselves', async () => {
      const poor = await addPerson(service, org.id, 'member', ['scenarios:read']);
      const { key, decision } = await created(org.manager, {
        ownerId: poor.userId,
        permissions: ['telemetry:read', 'scenarios:read', 'audit:read'],
      });
      expect(key.permissions).toEqual(['telemetry:read', 'scenarios:read', 'audit:read']);
      expect(decision.permissions).toEqual(['scenarios:read']);
    });

    it('is left open only for an issuer who is the owner and has no list', async () => {
      expect((await created(org.manager, {})).key.permissions).toBeNull();
      expect((await created(org.member, {})).key.permissions).toBeNull();
    });

    it('is what issuer and owner have in common when they are two', async () => {
      const { key } = await created(org.manager, { ownerId: org.member.userId });
      expect([...key.permissions].sort()).toEqual([
        'keys:read',
        'org:read',
        'scenarios:read',
        'telemetry:read',
      ]);
      const upwards = await addPerson(service, org.id, 'manager', ['scenarios:read']);
      const { key: other } = await created(upwards, {
        ownerId: org.manager.userId,
        scope: 'admin',
      });
      expect(other.permissions).toContain('scenarios:read');
      expect(other.permissions).not.toContain('telemetry:read');
    });

    it('is what the issuing key has, where that has a list', async () => {
      const narrow = await issuer({ permissions: ['keys:admin', 'telemetry:read'] });
      expect((await created(narrow, {})).key.permissions).toEqual(['telemetry:read']);
      const { key } = await created(narrow, { scope: 'admin' });
      expect([...key.permissions].sort()).toEqual(['keys:admin', 'telemetry:read']);
    });

    it('does not grow when the owner is given more later', async () => {
      const person = await addPerson(service, org.id, 'member', ['scenarios:read']);
      const { body } = await create(org.manager, { ownerId: person.userId })();
      await service.operator.put(org.path(`/members/${person.userId}`), {
        role: 'manager',
        grants: null,
      });
      const { permissions } = await verify(service, body.secret as string);
      expect(permissions).toEqual(['keys:read', 'org:read', 'scenarios:read']);
    });

    it('is refused when nothing would be left of it', async () => {
      const narrow = await issuer({ permissions: ['keys:admin'] });
      const { body } = await expectRefusal(service, create(narrow, {}), 400, 'nothing_to_grant');
      expect(body.detail).toContain('A read key can hold none of');
      const ownerId = org.member.userId;
      const lone = await issuer({ permissions: ['keys:admin', 'audit:read'] });
      await expectRefusal(service, create(lone, { ownerId }), 400, 'nothing_to_grant');
    });

    for (const [what, permissions] of Object.entries({
      'an empty list': [],
      null: null,
      'a text': 'telemetry:read',
      'an entry twice': ['telemetry:read', 'telemetry:read'],
      'a wildcard': ['telemetry:*'],
      'an unknown action': ['telemetry:delete'],
      'no action': ['telemetry'],
      'capital letters': ['Telemetry:read'],
      'white space': [' telemetry:read'],
      'a NUL character': ['telemetry\u0000:read'],
      'a number': [1],
      'a resource of 64 letters': [`${'a'.repeat(64)}:read`],
      '201 entries': Array.from({ length: 201 }, (_, index) => `r${index}:read`),
    })) {
      it(`is refused as ${what}`, async () => {
        const request = create(org.manager, { permissions });
        const { body } = await expectRefusal(service, request, 400, 'invalid_request');
        expect(body.errors[0].path).toMatch(/^permissions/);
      });
    }
  });

  describe('by addresses', () => {
    it('is every address when neither the request nor the issuer names any', async () => {
      expect((await created(org.manager, {})).key.allowedIps).toBeNull();
    });

    it('is those ranges alone, in canonical form', async () => {
      const { secret, body } = await createKey(org.manager, org, {
        allowedIps: ['192.0.2.7', '198.51.100.0/24', '2001:DB8::/32', '::ffff:203.0.113.0/120'],
      });
      expect(body.allowedIps).toEqual([
        '192.0.2.7/32',
        '198.51.100.0/24',
        '2001:db8::/32',
        '203.0.113.0/24',
      ]);
      for (const ip of ['192.0.2.7', '198.51.100.255', '2001:db8::1', '::ffff:203.0.113.9']) {
        expect(await verify(service, secret, { ip })).toMatchObject({ valid: true });
      }
      for (const ip of ['192.0.2.8', '198.51.101.0', '2001:db9::1', undefined]) {
        const decision = await verify(service, secret, ip === undefined ? {} : { ip });
        expect(decision).toMatchObject({ valid: false, code: 'IP_NOT_ALLOWED' });
      }
    });

    it('is within the addresses of the issuer', async () => {
      const local = await issuer({ allowedIps: ['127.0.0.0/8', '2001:db8::/32'] });
      const inside = ['127.0.0.1/32', '127.1.0.0/16', '2001:db8:1::/48'];
      expect((await created(local, { allowedIps: inside })).key.allowedIps).toEqual(inside);
      for (const range of ['128.0.0.1', '0.0.0.0/0', '126.0.0.0/7', '::/0', '2001:db8::/31']) {
        const request = create(local, { allowedIps: ['127.0.0.1', range] });
        const { body } = await expectRefusal(service, request, 403, 'exceeds_issuer');
        expect(body.detail).toContain(range);
      }
    });

    it('is inherited from the issuer when the request names none', async () => {
      const local = await issuer({ allowedIps: ['127.0.0.0/8'] });
      const { key } = await created(local, { scope: 'admin', ownerId: org.member.userId });
      expect(key.allowedIps).toEqual(['127.0.0.0/8']);
    });

    for (const [what, allowedIps] of Object.entries({
      'an empty list': [],
      null: null,
      'a text': '10.0.0.0/8',
      'a name': ['localhost'],
      'host bits': ['10.0.0.1/8'],
      'host bits of IPv6': ['2001:db8::1/32'],
      'too long a prefix': ['10.0.0.0/33'],
      'too long a prefix of IPv6': ['::/129'],
      'a mapped range wider than IPv4': ['::ffff:0:0/95'],
      'a prefix that is no number': ['10.0.0.0/x'],
      'an empty prefix': ['10.0.0.0/'],
      'a signed prefix': ['10.0.0.0/+8'],
      'two prefixes': ['10.0.0.0/8/8'],
      'a historic form': ['10.1'],
      'a hexadecimal form': ['0x7f.0.0.1'],
      'an octal form': ['010.0.0.1'],
      'a zone': ['fe80::1%eth0'],
      'an entry twice': ['10.0.0.0/8', '10.0.0.0/8'],
      'one range in two forms': ['10.0.0.1', '::ffff:10.0.0.1/128'],
      'a number': [10],
      'a NUL character': ['10.0.0.1\u0000'],
      '101 entries': Array.from({ length: 101 }, (_, index) => `10.0.0.${index}`),
    })) {
      it(`is refused as ${what}`, async () => {
        const request = create(org.manager, { allowedIps });
        const { body } = await expectRefusal(service, request, 400, 'invalid_request');
        expect(body.errors[0].path).toMatch(/^allowedIps/);
      });
    }
  });
});
