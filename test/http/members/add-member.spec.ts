import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TypeID } from 'typeid-js';
import { itRefusesStrangers } from '../../support/access.js';
import { auditEvents, audited, expectAuthSeq } from '../../support/audit.js';
import { badEmails } from '../../support/emails.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { keyFor, operatorOrgId, permissionsOf } from '../../support/persons.js';
import {
  badNames,
  leadingNames,
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import { itemsOf } from '../../support/pages.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn } from '../../support/sessions.js';

describe('POST /v1/orgs/{orgId}/members', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const valid = { email: 'new@example.com', name: 'New', role: 'member' };
  const add = (body: unknown, who: Organisation['manager'] = org.manager) =>
    who.post(org.path('/members'), body);

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'members:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}/members`, valid),
  });

  it('adds a person by e-mail address and records it in the audit log', async () => {
    const ada = {
      email: 'ada@example.com',
      name: ' Ada ',
      role: 'member',
      grants: ['telemetry:read'],
    };
    const { response, events } = await audited(service, org.id, () => add(ada), 1);
    expect(response.status).toBe(201);
    expect(response.body).toEqual({
      orgId: org.id,
      userId: expect.stringMatching(/^usr_[0-9a-z]{26}$/),
      kind: 'person',
      email: 'ada@example.com',
      name: 'Ada',
      role: 'member',
      grants: ['telemetry:read'],
      pending: true,
      createdAt: expect.any(String),
      authSeq: expect.any(Number),
    });
    await expectAuthSeq(service, response);
    const { authSeq, ...stored } = response.body;
    expect(authSeq).toBeGreaterThan(0);
    const read = await org.manager.get(org.path(`/members/${stored.userId as string}`));
    expect(read.body).toEqual({
      ...stored,
      activeKeys: 0,
      invitation: {
        state: expect.stringMatching(/^(waiting|logged)$/),
        createdAt: expect.any(String),
      },
    });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'member.added',
        targetId: stored.userId,
        actor: { kind: 'key', orgId: org.id, userId: org.manager.userId, keyId: org.manager.keyId },
        before: null,
        after: {
          email: 'ada@example.com',
          name: 'Ada',
          role: 'member',
          grants: ['telemetry:read'],
        },
      }),
    ]);
    const user = await service.operator.get(`/v1/users/${stored.userId as string}`);
    expect(user.body).toMatchObject({ kind: 'person', name: 'Ada', status: 'active' });
  });

  it('lets the new member use a key within their grants at once', async () => {
    const { body } = await add({ ...valid, email: 'user@example.com', grants: ['telemetry:read'] });
    const key = await org.manager.post(org.path('/keys'), {
      name: 'k',
      scope: 'admin',
      ownerId: body.userId as string,
    });
    const permissions = await permissionsOf(service.as(key.body.secret as string));
    expect(permissions.filter((one) => one.startsWith('telemetry'))).toEqual(['telemetry:read']);
  });

  it('gives what the person who adds them holds when no grants are named', async () => {
    expect((await add({ ...valid, email: 'all@example.com' })).body.grants).toEqual(org.grants);
    const manager = await signIn(service, org.manager);
    const added = await manager.post(org.path('/members'), { ...valid, email: 'as@example.com' });
    expect(added.body.grants).toBeNull();
  });

  it('responds with the same for an address that the installation knows and for one that it does not', async () => {
    const known = { email: 'known@example.com', name: 'Real Name' };
    const user = await service.operator.post('/v1/users', known);
    const wanted = { name: 'Given Name', role: 'manager', grants: ['telemetry:read'] };
    const responses = [
      await add({ ...wanted, email: known.email }),
      await add({ ...wanted, email: 'unknown@example.com' }),
    ];
    const shapes = responses.map(({ status, body, headers }) => {
      const { userId, email, createdAt, authSeq, ...rest } = body as Record<string, unknown>;
      expect(typeof createdAt).toBe('string');
      expect(authSeq).toEqual(expect.any(Number));
      expect(email).toMatch(/known@example\.com$/);
      expect(userId).toMatch(/^usr_/);
      return { status, rest, fields: Object.keys(body), headers: [...headers.keys()] };
    });
    expect(shapes[0]).toEqual(shapes[1]);
    expect(shapes[0]?.rest).toMatchObject({ name: 'Given Name', kind: 'person' });
    expect(responses[0]?.body.userId).toBe(user.body.id);
    const lists = (await org.manager.get(org.path('/members'))).text;
    expect(lists).toContain('Given Name');
    expect(lists).not.toContain('Real Name');
  });

  it('moves the state by the same number for a known and an unknown address', async () => {
    await service.operator.post('/v1/users', { email: 'known2@example.com', name: 'Known' });
    const sequence: number[] = [];
    for (const email of ['unknown2@example.com', 'known2@example.com', 'unknown3@example.com']) {
      sequence.push((await add({ ...valid, email })).body.authSeq as number);
    }
    const [first = 0] = sequence;
    expect(sequence).toEqual([first, first + 1, first + 2]);
  });

  it('hides in the id when the person became known: it holds no time', async () => {
    const known = await service.operator.post('/v1/users', { email: 'v@example.com', name: 'V' });
    const fresh = await add({ ...valid, email: 'w@example.com' });
    for (const id of [known.body.id, fresh.body.userId] as string[]) {
      expect(TypeID.fromString(id).toUUID()[14]).toBe('4');
    }
  });

  it('never shows the name that an existing person has elsewhere, wherever members and keys are read', async () => {
    const theirs = await addPerson(service, other.id, 'member');
    await service.db.query(`UPDATE users SET name = 'Secret Name' WHERE id = $1`, [theirs.userId]);
    await add({ email: theirs.email, name: 'Given', role: 'manager' });
    const key = await org.manager.post(org.path('/keys'), {
      name: 'k',
      scope: 'admin',
      ownerId: theirs.userId,
    });
    const theirKey = service.as(key.body.secret as string);
    await org.manager.patch(org.path('/policy'), { memberKeys: 'none' });
    const responses = [
      key,
      await org.manager.get(org.path('/members')),
      await org.manager.get(org.path(`/members/${theirs.userId}`)),
      await org.manager.get(org.path('/keys')),
      await org.manager.get(org.path('/audit-events')),
      await org.member.post(org.path('/keys'), { name: 'k', scope: 'read' }),
      await theirKey.get('/v1/whoami'),
      await org.manager.put(org.path(`/members/${theirs.userId}`), { role: 'member', grants: [] }),
      await org.manager.delete(org.path(`/members/${theirs.userId}`)),
    ];
    await org.manager.patch(org.path('/policy'), { memberKeys: 'own' });
    for (const [index, { text }] of responses.entries()) {
      expect({ index, found: text.includes('Secret Name') }).toEqual({ index, found: false });
    }
  });

  it('never shows that name once the person was removed either', async () => {
    const theirs = await addPerson(service, other.id, 'member');
    await service.db.query(`UPDATE users SET name = 'Secret Name' WHERE id = $1`, [theirs.userId]);
    await add({ email: theirs.email, name: 'Given', role: 'member' });
    const key = await keyFor(service, org, theirs.userId);
    await org.manager.delete(org.path(`/members/${theirs.userId}`));
    for (const path of [`/keys/${key.id}`, '/keys', '/members', '/audit-events']) {
      const { status, text } = await org.manager.get(org.path(path));
      expect({ path, status, found: text.includes('Secret Name') }).toEqual({
        path,
        status: 200,
        found: false,
      });
    }
  });

  it('lets each organisation give the same person another name', async () => {
    const email = 'shared@example.com';
    await add({ ...valid, email, name: 'Here' });
    await other.manager.post(other.path('/members'), { ...valid, email, name: 'There' });
    const names = await Promise.all(
      [org, other].map(async (one) => {
        const items = itemsOf(await one.manager.get(one.path('/members')));
        return items.find((item) => item.email === email)?.name;
      }),
    );
    expect(names).toEqual(['Here', 'There']);
  });

  it('treats addresses that differ in letter case as the same person', async () => {
    const { body } = await add({ ...valid, email: 'Case@Example.com' });
    expect(body.email).toBe('case@example.com');
    const again = await other.manager.post(other.path('/members'), {
      ...valid,
      email: 'CASE@example.COM',
    });
    expect(again.status).toBe(201);
    expect(again.body.userId).toBe(body.userId);
  });

  it('responds with 409 to a person who is a member already, in whichever letter case', async () => {
    await add({ ...valid, email: 'twice@example.com' });
    for (const email of ['twice@example.com', 'TWICE@example.com', org.member.email]) {
      const response = await withoutTrace(service, () =>
        add({ email, name: 'Other', role: 'manager' }),
      );
      expectProblem(response, 409, 'already_member');
    }
    const { body } = await org.manager.get(org.path(`/members/${org.member.userId}`));
    expect(body).toMatchObject({ role: 'member', name: 'A member' });
  });

  it('adds one person once when many managers add them at the same time', async () => {
    const email = 'contested@example.com';
    const second = await addPerson(service, org.id, 'manager');
    const senders = [org.manager, second, org.manager, second];
    const here = senders.map((who) => add({ ...valid, email }, who));
    const there = senders.map(() =>
      other.manager.post(other.path('/members'), { ...valid, email }),
    );
    const responses = await Promise.all([...here, ...there]);
    const statuses = responses.map(({ status }) => status);
    expect(statuses.slice(0, 4).sort()).toEqual([201, 409, 409, 409]);
    expect(statuses.slice(4).sort()).toEqual([201, 409, 409, 409]);
    const users = await service.operator.get(`/v1/users?email=${email}`);
    expect(users.body.items).toHaveLength(1);
  });

  it('lets operators add members, too', async () => {
    const email = 'by-operator@example.com';
    const addIt = () => service.operator.post(org.path('/members'), { ...valid, email });
    const { response, events } = await audited(service, org.id, addIt, 1);
    expect(response.status).toBe(201);
    expect(events.map(({ action }) => action)).toEqual(['member.added']);
  });

  it('records for the operators, and nobody else, when the person is new', async () => {
    const operators = await operatorOrgId(service);
    const email = 'recorded@example.com';
    const { body, headers } = await add({ ...valid, email });
    const userId = body.userId as string;
    const recorded = async () =>
      (await auditEvents(service, operators, `target=${userId}`)).map(
        ({ action, actor, after: state, requestId }) => ({ action, actor, state, requestId }),
      );
    expect(await recorded()).toEqual([
      {
        action: 'user.created',
        actor: { kind: 'key', orgId: org.id, userId: org.manager.userId, keyId: org.manager.keyId },
        state: { email, name: valid.name },
        requestId: headers.get('x-request-id'),
      },
    ]);
    await other.manager.post(other.path('/members'), { ...valid, email });
    expect(await recorded()).toHaveLength(1);
    for (const one of [org, other]) {
      const seen = await one.manager.get(one.path(`/audit-events?target=${userId}`));
      expect(itemsOf(seen).map(({ action }) => action)).toEqual(['member.added']);
    }
  });

  it('refuses addresses that are none', () =>
    refusesEach(service, 'email', badEmails, (email) => add({ ...valid, email })));

  it('refuses names that are none', () =>
    refusesEach(service, 'name', { ...badNames, ...leadingNames }, (name) =>
      add({ ...valid, name }),
    ));

  it('refuses roles that are none', () =>
    refusesEach(
      service,
      'role',
      {
        'no value': undefined,
        null: null,
        other: 'owner',
        case: 'Manager',
        number: 1,
        list: ['member'],
      },
      (role) => add({ ...valid, role }),
    ));

  it('refuses fields that it does not know', async () => {
    for (const extra of [{ userId: org.member.userId }, { orgId: other.id }, { kind: 'service' }]) {
      const response = await withoutTrace(service, () => add({ ...valid, ...extra }));
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toContain(Object.keys(extra)[0]);
    }
  });

  it('refuses bodies that are no object', () => refusesOtherBodies(service, (body) => add(body)));
});
