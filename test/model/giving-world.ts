import { Problem } from '../../src/common/errors.js';
import { newId, newUserId, type KeyId, type SessionId, type UserId } from '../../src/common/ids.js';
import type { EventType } from '../../src/notifications/events.js';
import { authorise, isForeign } from '../../src/permissions/authorise.js';
import { effectivePermissions, holdings } from '../../src/permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../../src/permissions/facts.js';
import type { MemberStanding } from '../../src/permissions/giving.js';
import type {
  ManagementPermission,
  Permission,
  Role,
  Scope,
} from '../../src/permissions/permission.js';
import type { Principal } from '../../src/permissions/principal.js';
import { standingIn, type Standing } from '../../src/permissions/standing.js';

export const day = 24 * 3_600_000;

/** A membership, and what those held who have made it what it is. */
export interface Place extends MemberStanding {
  userId: UserId;
  org: OrgFacts;
  /** All that it was given, at any time, by somebody who held it then. */
  justified: Set<Permission>;
  /** Whether it has all grants, also later ones, from somebody who had them without limits. */
  isOpen: boolean;
}

/** The creator of something, as they were then. */
export interface Maker {
  userId: UserId;
  held: ReadonlySet<Permission>;
  /** Whether nothing restricted them. */
  isOpen: boolean;
  scope: Scope;
  /** The list of the key that was used. */
  list: readonly Permission[] | null;
  /** Whether that key could hold management permissions. */
  management: boolean;
  /** When that key ended; null when it did not, or was a session. */
  end: number | null;
}

export interface Key {
  id: KeyId;
  userId: UserId;
  org: OrgFacts;
  scope: Scope;
  permissions: Permission[] | null;
  management: boolean;
  expiresAt: Date | null;
  /** What one with a list may hold: what its maker held, or what it held itself when it was restricted. */
  bound: ReadonlySet<Permission>;
  /** Undefined for the one that the world begins with. */
  maker?: Maker;
}

export interface Session {
  id: SessionId;
  userId: UserId;
}

export interface Hook {
  org: OrgFacts;
  events: EventType[] | null;
}

/** Somebody who acts in an organisation. */
export interface Actor {
  me: Standing;
  maker: Maker;
}

/** What belonging to an organisation brings by itself: a look at it, and keys of one's own. */
const ofBelonging: Permission[] = ['org:read', 'keys:read', 'keys:write', 'keys:admin'];
const asManager = { role: 'manager', grants: null } as const;

const org = (kind: OrgFacts['kind'], grants: Permission[]): OrgFacts => ({
  id: newId('org'),
  name: kind,
  kind,
  status: 'active',
  grants,
  memberKeys: 'own',
  defaultExpiryDays: 90,
  maxLifetimeDays: 365,
  allowNoExpiry: false,
});

/** Two organisations of customers and the operators, with the rows that rules look at. */
export class GivingWorld {
  readonly orgs: OrgFacts[];
  readonly users: UserId[] = [];
  places: Place[] = [];
  keys: Key[] = [];
  readonly sessions: Session[] = [];
  readonly hooks: Hook[] = [];
  now = new Date('2027-01-01T00:00:00.000Z');

  constructor(grants: [Permission[], Permission[]]) {
    this.orgs = [
      org('operator', ['a:read']),
      org('customer', grants[0]),
      org('customer', grants[1]),
    ];
    for (const [index, each] of this.orgs.entries()) {
      for (const role of ['manager', 'member'] as const) {
        const userId = this.addUser();
        this.place(userId, each, { role, grants: index === 2 ? ['a:read'] : null }, undefined);
        this.signIn(userId);
      }
    }
    const [operators, operator] = [this.orgs[0], this.users[0]];
    if (operators === undefined || operator === undefined) throw new Error('there are operators');
    const bound = new Set<Permission>();
    const limits = { scope: 'admin' as const, permissions: null, management: true };
    const whole = { ...limits, expiresAt: null, bound };
    this.keys.push({ id: newId('key'), userId: operator, org: operators, ...whole });
  }

  addUser(): UserId {
    const id = newUserId();
    this.users.push(id);
    return id;
  }

  signIn(userId: UserId): void {
    this.sessions.push({ id: newId('ses'), userId });
  }

  placeOf(userId: UserId, { id }: OrgFacts): Place | undefined {
    return this.places.find((each) => each.userId === userId && each.org.id === id);
  }

  /** Makes somebody what was decided. Without a maker it is how the world begins. */
  place(userId: UserId, of: OrgFacts, after: MemberStanding, maker: Maker | undefined): void {
    const before = this.placeOf(userId, of);
    const had = before === undefined ? [] : [...holdings(of, before), ...(before.grants ?? [])];
    const has = [...holdings(of, after), ...(after.grants ?? [])];
    const isOpen =
      after.grants === null &&
      (maker === undefined || maker.isOpen || (before?.grants === null && before.isOpen));
    const justified = new Set([...(before?.justified ?? []), ...had, ...has]);
    this.places = this.places.filter((each) => each !== before);
    this.places.push({ ...after, userId, org: of, justified, isOpen });
  }

  /** What a membership got that it had not, beyond what comes with belonging. */
  gains(userId: UserId, of: OrgFacts, after: MemberStanding): Permission[] {
    const before = this.placeOf(userId, of);
    const had = new Set<Permission>(before && holdings(of, before));
    const listed = before?.grants ?? (before ? of.grants : []);
    return [...holdings(of, after), ...(after.grants ?? [])].filter(
      (one) => !had.has(one) && !listed.includes(one) && !ofBelonging.includes(one),
    );
  }

  remove(place: Place): void {
    this.places = this.places.filter((each) => each !== place);
    this.keys = this.keys.filter((key) => key.userId !== place.userId || key.org !== place.org);
  }

  memberFacts(place: Place): MemberFacts {
    const { userId: id, role, grants } = place;
    return { id, name: 'somebody', status: 'active', role, grants };
  }

  /** What a key may do at this moment. */
  held(key: Key): Set<Permission> {
    const owner = this.placeOf(key.userId, key.org);
    const isOver = key.expiresAt !== null && key.expiresAt <= this.now;
    return owner === undefined || isOver ? new Set() : effectivePermissions(key.org, owner, key);
  }

  /** Who a key or a session is in an organisation; undefined when the guard lets it do nothing there. */
  actor(by: number, where: OrgFacts, requires: ManagementPermission): Actor | undefined {
    const isKey = by % 2 === 0 && this.keys.length > 0;
    const credentials = isKey ? this.keys : this.sessions;
    const credential = credentials[Math.floor(by / 2) % credentials.length];
    const principal = credential && this.principal(credential, where);
    if (principal === undefined || !isAuthorised(principal, requires, where)) return undefined;
    const { key, grants, owner } = principal;
    const isElsewhere = isForeign(principal, where.id);
    const isWhole =
      key.scope === 'admin' && key.management && key.permissions === null && grants === null;
    const maker = {
      userId: owner.id,
      held: isElsewhere ? holdings(where, asManager) : principal.permissions,
      isOpen: isElsewhere || isWhole,
      scope: key.scope,
      list: key.permissions,
      management: key.management,
      end: key.expiresAt,
    };
    return { me: standingIn(withEnd(principal), where), maker };
  }

  private principal(credential: Key | Session, where: OrgFacts): Principal | undefined {
    const [operators] = this.orgs;
    const isKey = 'org' in credential;
    const home = isKey
      ? credential.org
      : this.placeOf(credential.userId, where) === undefined
        ? operators
        : where;
    const place = home && this.placeOf(credential.userId, home);
    if (place === undefined) return undefined;
    const limits = isKey
      ? credential
      : { scope: 'admin' as const, permissions: null, management: true };
    const expiresAt = isKey ? (credential.expiresAt?.getTime() ?? null) : null;
    if (expiresAt !== null && expiresAt <= this.now.getTime()) return undefined;
    const { scope, permissions, management } = limits;
    return {
      key: {
        ...{ id: credential.id, name: 'x', scope, permissions, management },
        ...{ allowedIps: null, expiresAt },
      },
      owner: { id: place.userId, name: 'somebody' },
      org: place.org,
      role: place.role,
      grants: place.grants,
      permissions: effectivePermissions(place.org, place, limits),
    };
  }
}

/** Sessions have an end of their own, which must limit nothing. */
function withEnd(principal: Principal): Principal {
  if (principal.key.id.startsWith('key_')) return principal;
  return { ...principal, key: { ...principal.key, expiresAt: 1 } };
}

function isAuthorised(
  principal: Principal,
  requires: ManagementPermission,
  { id }: OrgFacts,
): boolean {
  try {
    authorise(principal, requires, id);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/** Everything that a role manages there. */
export const managed = (role: Role, of: OrgFacts): Permission[] =>
  [...holdings({ ...of, grants: [] }, { role, grants: null })].filter(
    (one) => role === 'manager' || !ofBelonging.includes(one),
  );

/** Whether a membership is no more than what it was given, belonging, and grants without limits. */
export function excess(place: Place): Permission[] {
  const { org: of, justified, isOpen } = place;
  return [...holdings(of, place)].filter(
    (one) =>
      !justified.has(one) && !ofBelonging.includes(one) && !(isOpen && of.grants.includes(one)),
  );
}
