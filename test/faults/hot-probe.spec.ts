import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Method } from '../support/client.js';
import { count, drawSeed } from '../support/environment.js';
import { note } from '../support/note.js';
import { Cluster, patientNodes } from './cluster.js';
import { probeAll } from './probe.js';
import { Random } from './random.js';
import { granted, Team, type TeamKey } from './team.js';
import { without } from './world.js';

type Call = [method: Method, path: string, body?: unknown];

/** What takes `data:read` from a key, and gives it back where that can be. */
interface Narrowing {
  away: Call;
  back?: Call;
}

const rest = without(granted, 'data:read');

const narrowings: Record<string, (team: Team, key: TeamKey) => Narrowing> = {
  'the key is revoked': (team, { id }) => ({ away: ['DELETE', team.path(`/keys/${id}`)] }),
  'the key is reported': (_, { secret }) => ({ away: ['POST', '/v1/revoke', { key: secret }] }),
  'its list is narrowed': (team, { id }) => ({
    away: ['PATCH', team.path(`/keys/${id}`), { permissions: rest }],
  }),
  'its addresses are narrowed': (team, { id }) => ({
    away: ['PATCH', team.path(`/keys/${id}`), { allowedIps: ['10.0.0.0/8'] }],
  }),
  'the owner is deactivated': ({ ownerId }) => ({
    away: ['POST', `/v1/users/${ownerId}/deactivate`],
    back: ['POST', `/v1/users/${ownerId}/reactivate`],
  }),
  'the member is narrowed': (team) => {
    const path = team.path(`/members/${team.ownerId}`);
    return {
      away: ['PUT', path, { role: 'member', grants: rest }],
      back: ['PUT', path, { role: 'member', grants: null }],
    };
  },
  'the organisation is narrowed': (team) => ({
    away: ['PUT', team.path('/grants'), { grants: rest }],
    back: ['PUT', team.path('/grants'), { grants: granted }],
  }),
  'the organisation is suspended': (team) => ({
    away: ['POST', team.path('/suspend')],
    back: ['POST', team.path('/resume')],
  }),
};

const modes = [
  { mode: 'strict', keys: count(60, 1_000) },
  { mode: 'direct', keys: count(16, 200) },
];

for (const { mode, keys } of modes) {
  describe(`keys that three nodes have just found valid (${mode})`, () => {
    let cluster: Cluster;
    let team: Team;

    beforeAll(async () => {
      const variables = { ...patientNodes, KEYFENCE_VERIFY: mode };
      cluster = await Cluster.start({ nodes: 3, variables });
      team = await Team.create(cluster);
    });
    afterAll(() => cluster.stop());

    it('are refused by all of them when the change has returned, and new ones accepted', async () => {
      const seed = drawSeed();
      note(`KEYFENCE_TEST_SEED=${seed}`);
      const random = new Random(seed);
      const kinds = Object.entries(narrowings);
      const { nodes } = cluster;
      const change = (call: Call) => team.change(random.pick(nodes), ...call);
      for (let n = 0; n < keys; n += 1) {
        const [kind, narrow] = kinds[n % kinds.length] ?? random.pick(kinds);
        const key = await team.createKey(random.pick(nodes));
        const { away, back } = narrow(team, key);
        const decide = async () => ({
          kind,
          decisions: new Set(await probeAll(nodes, team.about(key))),
        });
        expect(await decide()).toEqual({ kind, decisions: new Set(['allowed']) });
        await change(away);
        expect(await decide()).toEqual({ kind, decisions: new Set(['refused']) });
        if (back === undefined) continue;
        await change(back);
        expect(await decide()).toEqual({ kind, decisions: new Set(['allowed']) });
      }
    });

    it('are refused permanently when their owner is removed and taken in again', async () => {
      const { nodes } = cluster;
      const [node] = nodes as [(typeof nodes)[number]];
      const key = await team.createKey(node);
      const decisions = async (one: TeamKey) => new Set(await probeAll(nodes, team.about(one)));
      const member = team.path(`/members/${team.ownerId}`);
      expect(await decisions(key)).toEqual(new Set(['allowed']));
      await team.change(node, 'DELETE', member);
      expect(await decisions(key)).toEqual(new Set(['refused']));
      await team.change(node, 'PUT', member, { role: 'member', grants: null });
      expect(await decisions(key)).toEqual(new Set(['refused']));
      expect(await decisions(await team.createKey(node))).toEqual(new Set(['allowed']));
    });
  });
}
