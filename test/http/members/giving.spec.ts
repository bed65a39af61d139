import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse, Caller } from '../../support/client.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId, permissionsOf } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn, type Browser } from '../../support/sessions.js';

type Sender = Pick<Caller, 'put' | 'post' | 'delete'>;

describe('Nobody gives what they do not hold', () => {
  let service: Service;
  let org: Organisation;
  /** A further manager of the organisation, and a member of it. */
  let second: Person;
  let person: Person;
  /** A key of the manager that may change members, and nothing else. */
  let hr: Caller;
  /** The manager and a manager with grants of their own, each in the console. */
  let session: Browser;
  let narrowSession: Browser;
  let serial = 0;

  const email = () => `given-${(serial += 1)}@example.com`;
  const add = (who: Sender, input: object, to: Pick<Organisation, 'path'> = org) =>
    who.post(to.path('/members'), { email: email(), name: 'New', ...input });
  const addAccount = (who: Sender, input: object) =>
    who.post(org.path('/service-accounts'), { name: 'bot', ...input });
  const put = (who: Sender, { userId }: Pick<Person, 'userId'>, input: object) =>
    who.put(org.path(`/members/${userId}`), input);

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    second = await addPerson(service, org.id, 'manager');
    person = await addPerson(service, org.id, 'member', ['telemetry:read']);
    const permissions = ['members:read', 'members:admin'];
    hr = service.as((await createKey(org.manager, org, { scope: 'admin', permissions })).secret);
    session = await signIn(service, org.manager);
    const narrow = await addPerson(service, org.id, 'manager', ['telemetry:read']);
    narrowSession = await signIn(service, narrow);
  });
  afterAll(() => service.stop());

  const refused = async (send: () => Promise<ApiResponse>, detail: RegExp) => {
    const response = await withoutTrace(service, send);
    expectProblem(response, 403, 'exceeds_issuer');
    expect(response.body.detail).toMatch(detail);
  };

  /** Each makes a manager, or unmakes one. */
  const ofManagers: Record<string, (who: Sender) => Promise<ApiResponse>> = {
    'adds a manager': (who) => add(who, { role: 'manager', grants: [] }),
    'adds an account as manager': (who) => addAccount(who, { role: 'manager', grants: [] }),
    'promotes a member': (who) => put(who, person, { role: 'manager', grants: [] }),
    'demotes a manager': (who) => put(who, second, { role: 'member', grants: null }),
    'removes a manager': (who) => who.delete(org.path(`/members/${second.userId}`)),
  };

  describe('the role of a manager', () => {
    for (const [what, send] of Object.entries(ofManagers)) {
      it(`is not for a key restricted to members, which ${what}`, () =>
        refused(() => send(hr), /do not hold keys:read/));
    }

    it('is not for a key that lacks a single one of its permissions, either', async () => {
      const all = (await permissionsOf(org.manager)).filter((one) => !one.startsWith('telemetry:'));
      const permissions = all.filter((one) => one !== 'audit:read');
      const { secret } = await createKey(org.manager, org, { scope: 'admin', permissions });
      const most = service.as(secret);
      for (const send of Object.values(ofManagers)) {
        await refused(() => send(most), /do not hold audit:read/);
      }
    });

    it('is for a key with all of them, such as operators make for managers, and for sessions', async () => {
      for (const who of [org.manager, session, narrowSession, service.operator]) {
        const made = await addPerson(service, org.id, 'member', ['telemetry:read']);
        const standing = (role: string) => put(who, made, { role, grants: ['telemetry:read'] });
        expect((await standing('manager')).status).toBe(200);
        expect((await standing('member')).status).toBe(200);
        expect((await who.delete(org.path(`/members/${made.userId}`))).status).toBe(200);
      }
    });

    it('stays with the person who is a manager when a restricted key changes their grants', async () => {
      const manager = await addPerson(service, org.id, 'manager');
      const response = await put(hr, manager, { role: 'manager', grants: ['telemetry:read'] });
      expect(response.status).toBe(200);
      await refused(() => put(hr, manager, { role: 'manager', grants: null }), /inherit/);
    });
  });

  describe('all grants of the organisation', () => {
    const each: Record<string, (who: Sender) => Promise<ApiResponse>> = {
      'adding a person': (who) => add(who, { role: 'member', grants: null }),
      'adding an account': (who) => addAccount(who, { grants: null }),
      'changing a member': (who) => put(who, person, { role: 'member', grants: null }),
    };

    for (const [what, send] of Object.entries(each)) {
      it(`are given by nobody whose key or grants are restricted, ${what}`, async () => {
        for (const who of [hr, org.manager, narrowSession])
          await refused(() => send(who), /inherit/);
      });

      it(`are given by a manager in the console and by operators, ${what}`, async () => {
        for (const who of [session, service.operator]) {
          expect((await send(who)).body.grants).toBeNull();
          await put(who, person, { role: 'member', grants: ['telemetry:read'] });
        }
      });
    }

    it('are given with a key that its owner made without a list', async () => {
      const key = await createKey(session, org, { scope: 'admin' });
      expect((await each['adding a person']?.(service.as(key.secret)))?.body.grants).toBeNull();
    });
  });

  describe('grants that nobody names', () => {
    it('are all for a caller whom nothing restricts', async () => {
      expect((await add(session, { role: 'member' })).body.grants).toBeNull();
      expect((await addAccount(service.operator, {})).body.grants).toBeNull();
    });

    it('are else those that the caller holds', async () => {
      expect((await add(hr, { role: 'member' })).body.grants).toEqual([]);
      expect((await add(org.manager, { role: 'member' })).body.grants).toEqual(org.grants);
      expect((await addAccount(narrowSession, {})).body.grants).toEqual(['telemetry:read']);
    });
  });

  it('Members with grants that the caller lacks keep them, and nobody gets them', async () => {
    const rich = await addPerson(service, org.id, 'member', ['telemetry:write']);
    const unchanged = await put(hr, rich, { role: 'member', grants: ['telemetry:write'] });
    expect(unchanged.status).toBe(200);
    await refused(
      () => add(hr, { role: 'member', grants: ['telemetry:write'] }),
      /telemetry:write/,
    );
  });

  describe('among operators', () => {
    let operators: Pick<Organisation, 'id' | 'path'>;
    const key = async (permissions?: string[]) => {
      const body = { name: 'narrow', scope: 'admin', ...(permissions && { permissions }) };
      const made = await service.operator.post(operators.path('/keys'), body);
      return service.as(made.body.secret as string);
    };

    beforeAll(async () => {
      const id = await operatorOrgId(service);
      operators = { id, path: (rest = '') => `/v1/orgs/${id}${rest}` };
    });

    it('a key restricted to members makes no operator, whole or half', async () => {
      const narrow = await key(['members:admin']);
      for (const role of ['manager', 'member']) {
        await refused(() => add(narrow, { role, grants: [] }, operators), /do not hold/);
      }
    });

    it('a manager of customers does not hold all that an operator does', async () => {
      const all = await permissionsOf(org.manager);
      const narrow = await key(all.filter((one) => !one.startsWith('telemetry:')));
      await refused(() => add(narrow, { role: 'manager', grants: [] }, operators), /orgs:read/);
    });

    it('a whole key makes operators', async () => {
      const added = await add(await key(), { role: 'manager', grants: null }, operators);
      expect(added.status).toBe(201);
    });

    it('a key restricted to organisations is a manager of each, and gives all of it', async () => {
      const narrow = await key(['orgs:admin']);
      expect((await add(narrow, { role: 'manager', grants: null })).status).toBe(201);
    });
  });
});
