import type { Changes, Effect } from './changes.js';
import type { Method } from '../support/client.js';
import type { Random } from './random.js';
import { orgGrants, switches, without, type Key, type World } from './world.js';

/** A change that can be undone. */
export interface Flip {
  /** Nothing else changes this meanwhile. */
  guard: string;
  /** Keys that it is about. */
  keys: readonly Key[];
  /** The names of the change that denies, and of the one that takes it back. */
  kinds: readonly [off: string, on: string];
  /** Denies, or takes it back. */
  send: (kind: string, isOn: boolean) => Promise<unknown>;
}

type Draw = () => Flip;

const effect = (name: string, isOn: boolean): Effect => (isOn ? { on: [name] } : { off: [name] });

/** Functions that draw a flip of one kind each. */
export function flipsOf(world: World, changes: Changes, random: Random): Draw[] {
  const parts = { world, changes, random };
  return [
    () => userStatus(parts),
    () => userStatusBySql(parts),
    () => role(parts),
    () => memberGrants(parts),
    () => orgStatus(parts),
    () => grants(parts),
    () => grantsBySql(parts),
  ];
}

interface Parts {
  world: World;
  changes: Changes;
  random: Random;
}

function someOwner({ world, random }: Parts) {
  const { id: orgId, owners } = random.pick(world.orgs);
  const userId = random.pick(owners);
  return { orgId, userId, keys: world.keysOf(orgId, userId) };
}

function userStatus(parts: Parts): Flip {
  const { userId, keys } = someOwner(parts);
  return {
    guard: `user ${userId}`,
    keys,
    kinds: ['user.deactivate', 'user.reactivate'],
    send: (kind, isOn) => {
      const path = `/v1/users/${userId}/${isOn ? 'reactivate' : 'deactivate'}`;
      const result = effect(switches.user(userId), isOn);
      return parts.changes.call(kind, userId, { method: 'POST', path }, result);
    },
  };
}

function userStatusBySql(parts: Parts): Flip {
  const { userId, keys } = someOwner(parts);
  return {
    guard: `user ${userId}`,
    keys,
    kinds: ['sql.deactivate', 'sql.reactivate'],
    send: (kind, isOn) => {
      const status = `'${isOn ? 'active' : 'deactivated'}'`;
      const text = `UPDATE users SET status = ${status} WHERE id = $1 AND status <> ${status}`;
      return parts.changes.sql(
        kind,
        userId,
        { text, values: [userId] },
        effect(switches.user(userId), isOn),
      );
    },
  };
}

function putMember({ changes }: Parts, kind: string, orgId: string, userId: string, body: object) {
  const path = `/v1/orgs/${orgId}/members/${userId}`;
  return (result: Effect) => changes.call(kind, userId, { method: 'PUT', path, body }, result);
}

function role(parts: Parts): Flip {
  const { orgId, userId, keys } = someOwner(parts);
  return {
    guard: `member ${userId}`,
    keys,
    kinds: ['member.demote', 'member.promote'],
    send: (kind, isOn) => {
      const body = { role: isOn ? 'manager' : 'member', grants: null };
      const put = putMember(parts, kind, orgId, userId, body);
      return put(effect(switches.role(orgId, userId), isOn));
    },
  };
}

function memberGrants(parts: Parts): Flip {
  const { orgId, userId, keys } = someOwner(parts);
  return {
    guard: `member ${userId}`,
    keys,
    kinds: ['member.narrow', 'member.widen'],
    send: (kind, isOn) => {
      const body = { role: 'manager', grants: isOn ? null : without(orgGrants, 'log:write') };
      const put = putMember(parts, kind, orgId, userId, body);
      return put(effect(switches.memberGrants(orgId, userId), isOn));
    },
  };
}

function someOrg({ world, random }: Parts) {
  const { id } = random.pick(world.orgs);
  return { id, keys: world.keysOf(id) };
}

function orgStatus(parts: Parts): Flip {
  const { id, keys } = someOrg(parts);
  return {
    guard: `status ${id}`,
    keys,
    kinds: ['org.suspend', 'org.resume'],
    send: (kind, isOn) => {
      const request: { method: Method; path: string } = {
        method: 'POST',
        path: `/v1/orgs/${id}/${isOn ? 'resume' : 'suspend'}`,
      };
      return parts.changes.call(kind, id, request, effect(switches.org(id), isOn));
    },
  };
}

const grantsWhen = (isOn: boolean) => (isOn ? orgGrants : without(orgGrants, 'data:write'));

function grants(parts: Parts): Flip {
  const { id, keys } = someOrg(parts);
  return {
    guard: `grants ${id}`,
    keys,
    kinds: ['org.narrow', 'org.widen'],
    send: (kind, isOn) => {
      const request: { method: Method; path: string; body: object } = {
        method: 'PUT',
        path: `/v1/orgs/${id}/grants`,
        body: { grants: grantsWhen(isOn) },
      };
      return parts.changes.call(kind, id, request, effect(switches.orgGrants(id), isOn));
    },
  };
}

function grantsBySql(parts: Parts): Flip {
  const { id, keys } = someOrg(parts);
  return {
    guard: `grants ${id}`,
    keys,
    kinds: ['sql.narrow', 'sql.widen'],
    send: (kind, isOn) => {
      const list = `'{${grantsWhen(isOn).join(',')}}'`;
      const text = `UPDATE organisations SET grants = ${list} WHERE id = $1 AND grants <> ${list}`;
      return parts.changes.sql(
        kind,
        id,
        { text, values: [id] },
        effect(switches.orgGrants(id), isOn),
      );
    },
  };
}
