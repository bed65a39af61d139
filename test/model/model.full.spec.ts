import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Caller } from '../support/client.js';
import { count } from '../support/environment.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { actions, addresses, settled, type Real } from './actions.js';
import { management, permissions, Reference } from './reference.js';

// Its sequences take minutes on a busy machine.
jest.setTimeout(30 * 60_000);

/** Sequences run side by side, each in an organisation of its own. */
const atOnce = 8;

const choices = {
  node: fc.nat(),
  user: fc.nat(2),
  key: fc.nat(),
  dice: fc.nat(11),
  list: fc.subarray(permissions),
};
type Choices = {
  [name in keyof typeof choices]: (typeof choices)[name] extends fc.Arbitrary<infer T> ? T : never;
};

describe('the service does as a reference of fifty lines says', () => {
  let service: Service;
  let others: SecondService[];
  /** An operator at each node; the last one verifies by a query for each request. */
  let nodes: Caller[];

  beforeAll(async () => {
    service = await startService();
    others = [
      await startSecondService(service),
      await startSecondService(service, { settings: { verifyMode: 'direct' } }),
    ];
    nodes = [service, ...others].map((node) => node.as(service.operator.key ?? ''));
  });
  afterAll(async () => {
    for (const other of others) await other.stop();
    await service.stop();
  });

  class Act implements fc.AsyncCommand<Reference, Real> {
    constructor(
      private readonly name: string,
      private readonly chosen: Choices,
    ) {}

    check = () => true;

    async run(reference: Reference, real: Real): Promise<void> {
      const { node, user, key, dice, list } = this.chosen;
      const index = key % Math.max(1, reference.keys.length);
      await actions[this.name]?.({
        real,
        reference,
        operator: nodes[node % nodes.length] as Caller,
        user: reference.users[user] as Reference['users'][number],
        userId: real.users[user] ?? '',
        key: reference.keys[index],
        keyId: real.keys[index]?.id ?? '',
        dice,
        list,
      });
    }

    toString = () => `${this.name} ${JSON.stringify(this.chosen)}`;
  }

  /** Asks every node about a key, after all that has returned before. */
  class Verify implements fc.AsyncCommand<Reference, Real> {
    constructor(private readonly chosen: Choices) {}

    check = ({ keys }: Readonly<Reference>) => keys.length > 0;

    async run(reference: Reference, real: Real): Promise<void> {
      const { key, dice } = this.chosen;
      const index = key % reference.keys.length;
      const asked = [...permissions, management];
      const permission = asked[dice % asked.length] ?? '';
      const ip = addresses[dice % addresses.length] ?? '';
      const question = { key: real.keys[index]?.secret, permission, ip };
      const responses = await Promise.all(
        nodes.map((node) => settled(() => node.post('/v1/verify', question))),
      );
      const expected = reference.decide(
        reference.keys[index] as Reference['keys'][number],
        permission,
        ip,
      );
      expect(responses.map(({ body }) => body.code as string)).toEqual(nodes.map(() => expected));
    }

    toString = () => `verify ${JSON.stringify(this.chosen)}`;
  }

  const chosen = fc.record(choices);
  const commands = fc.commands(
    [
      ...Object.keys(actions).map((name) => chosen.map((one) => new Act(name, one))),
      // As often as all others together.
      ...Object.keys(actions).map(() => chosen.map((one) => new Verify(one))),
      ...[1, 2, 3].map(() => chosen.map((one) => new Act('create', one))),
    ],
    { maxCommands: 25, size: 'max' },
  );

  /** An organisation with three members, and nothing that the reference does not know of. */
  async function setup(): Promise<{ model: Reference; real: Real }> {
    const slug = `org-${randomBytes(6).toString('hex')}`;
    const org = { name: slug, slug, grants: permissions };
    const created = await settled(() => service.operator.post('/v1/orgs', org));
    const path = (rest: string) => `/v1/orgs/${created.body.id as string}${rest}`;
    const users = await Promise.all(
      ['Ada', 'Ben', 'Cy'].map(async (name) => {
        const email = `${name}@${slug}.example.com`;
        const { body } = await settled(() => service.operator.post('/v1/users', { email, name }));
        const member = { role: 'member', grants: null };
        await settled(() => service.operator.put(path(`/members/${body.id as string}`), member));
        return body.id as string;
      }),
    );
    return { model: new Reference(), real: { path, db: service.db, users, keys: [] } };
  }

  it('in every sequence of changes and verifications, at every node', async () => {
    const sequences = count(60, 1_000);
    const check = () =>
      fc.assert(
        fc.asyncProperty(commands, async (list) => {
          const { model, real } = await setup();
          await fc.asyncModelRun(() => ({ model, real }), list);
        }),
        { numRuns: Math.ceil(sequences / atOnce) },
      );
    await Promise.all(Array.from({ length: atOnce }, check));
  });
});
