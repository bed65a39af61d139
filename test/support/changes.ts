import fc from 'fast-check';
import type { ApiResponse, Caller } from './client.js';
import { addPerson, createOrganisation, type Organisation, type Person } from './organisation.js';
import type { Service } from './service.js';

/** An organisation whose people, keys and rules are changed all the time. */
export interface Team {
  org: Organisation;
  /** May be demoted and, all but the first, removed; never deactivated. */
  managers: Person[];
  /** May be deactivated and removed; never managers. */
  workers: Person[];
  /** Whom their e-mail address brought; may be removed. */
  guests: { userId: string }[];
  keys: { id: string; secret: string }[];
}

/** What one change is about, drawn by lot. */
export interface Draw {
  kind: ChangeKind;
  team: number;
  /** Who asks for it; at other numbers an operator. */
  manager: number;
  target: number;
  value: number;
}

/** A change that was asked for, and its response, if one came. */
export interface Outcome {
  kind: ChangeKind;
  response: ApiResponse | undefined;
}

interface Setting extends Omit<Draw, 'team' | 'manager'> {
  team: Team;
  who: Caller;
  operator: Caller;
  nobody: Caller;
}

const among = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const subset = (list: readonly string[], n: number) => list.filter((_, i) => (n >> i) % 2 === 1);
const member = ({ team }: Setting, userId: string) => team.org.path(`/members/${userId}`);
const key = ({ team, target }: Setting) => team.org.path(`/keys/${among(team.keys, target).id}`);
const worker = ({ team, target }: Setting) => among(team.workers, target).userId;

/** Each kind of change, as a request that often succeeds. */
const changes = {
  createKey: (set: Setting) =>
    set.who.post(set.team.org.path('/keys'), {
      name: `key ${set.value}`,
      scope: among(['read', 'read-write', 'admin'], set.value),
      ownerId: worker(set),
      // Not beyond the keys of those who ask.
      expiresInDays: 1 + (set.value % 89),
    }),
  narrowKey: (set: Setting) =>
    set.who.patch(key(set), {
      scope: among(['read-write', 'read'], set.value),
      expiresAt: new Date(Date.now() + 3_600_000 * (1 + (set.value % 1_000))).toISOString(),
    }),
  renameKey: (set: Setting) => set.who.patch(key(set), { name: `renamed ${set.value % 5}` }),
  revokeKey: (set: Setting) => set.who.delete(`${key(set)}?reason=${set.value}`),
  reportKey: (set: Setting) =>
    set.nobody.post('/v1/revoke', { key: among(set.team.keys, set.target).secret }),
  putMember: (set: Setting) => {
    const { team, target, value } = set;
    const isManager = target % 2 === 0;
    const { userId } = among(isManager ? team.managers : team.workers, target >> 1);
    return set.who.put(member(set, userId), {
      role: isManager ? among(['manager', 'member'], value) : 'member',
      grants: value % 3 === 0 ? null : subset(team.org.grants, value),
    });
  },
  removeMember: (set: Setting) => {
    const { team, target } = set;
    const removable = [...team.managers.slice(1), ...team.workers, ...team.guests];
    return set.who.delete(member(set, among(removable, target).userId));
  },
  addMember: (set: Setting) =>
    set.who.post(set.team.org.path('/members'), {
      email: `guest-${set.value % 12}@example.com`,
      name: `Guest ${set.value % 3}`,
      role: 'member',
    }),
  addServiceAccount: (set: Setting) =>
    set.who.post(set.team.org.path('/service-accounts'), { name: `Robot ${set.value}` }),
  changePolicy: (set: Setting) =>
    set.who.patch(set.team.org.path('/policy'), {
      maxLifetimeDays: 100 + (set.value % 300),
      memberKeys: among(['own', 'none'], set.value),
    }),
  renameOrg: (set: Setting) =>
    set.who.patch(set.team.org.path(), { name: `Name ${set.value % 10}` }),
  setOrgGrants: (set: Setting) =>
    set.operator.put(set.team.org.path('/grants'), {
      grants: subset(set.team.org.grants, set.value),
    }),
  suspend: (set: Setting) => set.operator.post(set.team.org.path('/suspend')),
  resume: (set: Setting) => set.operator.post(set.team.org.path('/resume')),
  deactivate: (set: Setting) => set.operator.post(`/v1/users/${worker(set)}/deactivate`),
  reactivate: (set: Setting) => set.operator.post(`/v1/users/${worker(set)}/reactivate`),
} satisfies Record<string, (set: Setting) => Promise<ApiResponse>>;

export type ChangeKind = keyof typeof changes;
export const changeKinds = Object.keys(changes) as ChangeKind[];

/** Resumed and reactivated more often than the opposite, so that most changes find valid keys. */
const drawn = fc.record<Draw>({
  kind: fc.constantFrom(...changeKinds, 'resume', 'resume', 'reactivate', 'createKey', 'createKey'),
  team: fc.nat(),
  manager: fc.nat(5),
  target: fc.nat(),
  value: fc.nat(),
});

/** The changes that this seed stands for. */
export const drawChanges = (seed: number, count: number): Draw[] =>
  fc.sample(drawn, { seed, numRuns: count });

/** An organisation with three managers, three members and this many keys. */
export async function createTeam(service: Service, keys: number): Promise<Team> {
  const org = await createOrganisation(service);
  const add = (role: 'manager' | 'member') => addPerson(service, org.id, role);
  const team: Team = {
    org,
    managers: [org.manager, await add('manager'), await add('manager')],
    workers: [org.member, await add('member'), await add('member')],
    guests: [],
    keys: [],
  };
  for (let n = 0; n < keys; n += 1) team.keys.push(await createTarget(service, team));
  return team;
}

/** A key of the first manager, whom nobody removes. */
export async function createTarget(
  service: Service,
  { org }: Pick<Team, 'org'>,
): Promise<{ id: string; secret: string }> {
  const { status, body, text } = await service.operator.post(org.path('/keys'), {
    name: 'target',
    scope: 'read-write',
    ownerId: org.manager.userId,
  });
  if (status !== 201) throw new Error(`no key: ${text}`);
  return { id: body.key.id as string, secret: body.secret as string };
}

/**
 * Asks for a change. What it made can be drawn afterwards.
 *
 * @param as a client of the node that is asked
 */
export async function change(
  teams: readonly Team[],
  { kind, team: teamNumber, manager, ...draw }: Draw,
  operatorKey: string,
  as: (key?: string) => Caller,
): Promise<Outcome> {
  const team = among(teams, teamNumber);
  const operator = as(operatorKey);
  const who = manager < team.managers.length ? as(team.managers[manager]?.key) : operator;
  const set = { ...draw, kind, team, who, operator, nobody: as() };
  // A node that is stopped may close a connection with a request in it when it goes on.
  const response = await changes[kind](set).catch(() => undefined);
  if (response?.status === 201 && kind === 'createKey') {
    team.keys.push({ id: response.body.key.id, secret: response.body.secret });
  }
  if (response?.status === 201 && kind === 'addMember') team.guests.push(response.body);
  return { kind, response };
}
