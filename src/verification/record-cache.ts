import { LRUCache } from 'lru-cache';
import type { OrgId, UserId } from '../common/ids.js';
import type {
  AccessFacts,
  Derived,
  KeyFacts,
  MemberFacts,
  OrgFacts,
} from '../permissions/facts.js';

/** A row of the history: the kind of what changed, and which one. */
export interface Change {
  readonly kind: string;
  readonly reference: string;
}

/** A part of records, shared between them. It is dead once the history says that it has changed. */
interface Part {
  isLive: boolean;
}

interface OrgPart extends Part {
  readonly facts: OrgFacts;
}

interface UserPart extends Part {
  readonly id: UserId;
}

interface MemberPart extends Part {
  readonly facts: MemberFacts | null;
  readonly user: UserPart;
}

/** A cached key, as a single object: there can be hundreds of thousands. */
interface KeyRecord extends KeyFacts, Derived {
  readonly org: OrgPart;
  readonly member: MemberPart;
}

function isLive({ org, member }: KeyRecord): boolean {
  return org.isLive && member.isLive && member.user.isLive;
}

/** Parts by their reference in the history. A part that leaves is dead: it could miss a change. */
class Parts<T extends Part> {
  private readonly parts = new Map<string, T>();

  constructor(private readonly max: number) {}

  get(reference: string): T | undefined {
    return this.parts.get(reference);
  }

  set(reference: string, part: T): T {
    this.delete(reference);
    if (this.parts.size >= this.max) this.delete(this.parts.keys().next().value);
    this.parts.set(reference, part);
    return part;
  }

  delete(reference: string | undefined): void {
    const part = this.parts.get(reference ?? '');
    if (part === undefined) return;
    part.isLive = false;
    this.parts.delete(reference ?? '');
  }

  clear(): void {
    for (const part of this.parts.values()) part.isLive = false;
    this.parts.clear();
  }
}

/**
 * The facts of recent verdicts, as they are in the store: rows, no verdicts. All of it belongs to one
 * state of the store. The code that adds to it or applies changes makes sure of that (see Fence).
 */
export class RecordCache {
  private readonly records: LRUCache<string, KeyRecord>;
  private readonly orgs: Parts<OrgPart>;
  private readonly users: Parts<UserPart>;
  private readonly members: Parts<MemberPart>;
  /** The digest by which a key is cached. Of a key with two secrets there is only one. */
  private readonly digests = new Map<string, string>();

  /** @param max the largest number of keys; those unused for longest are dropped first */
  constructor(max: number) {
    this.records = new LRUCache({ max, dispose: ({ id }) => this.digests.delete(id) });
    this.orgs = new Parts(max);
    this.users = new Parts(max);
    this.members = new Parts(max);
  }

  get size(): number {
    return this.records.size;
  }

  /** The facts of the key whose secret has this digest; undefined if they are not cached. */
  find(digest: string): AccessFacts | undefined {
    const record = this.records.get(digest);
    if (record === undefined) return undefined;
    if (!isLive(record)) {
      this.records.delete(digest);
      return undefined;
    }
    return { key: record, owner: record.member.facts, org: record.org.facts };
  }

  /** Whether the facts of this key are cached. */
  has(digest: string): boolean {
    const record = this.records.peek(digest);
    return record !== undefined && isLive(record);
  }

  /** Stores facts that belong to the same state as all others. */
  store(digest: string, { key, owner, org }: AccessFacts): void {
    const known = this.digests.get(key.id);
    if (known !== undefined) this.records.delete(known);
    const member = this.memberPart(org.id, key.ownerId, owner);
    // Written out: V8 stores an object in two parts if it is spread first and extended afterwards.
    this.records.set(digest, {
      id: key.id,
      // This string is shared as well.
      ownerId: member.user.id,
      name: key.name,
      scope: key.scope,
      permissions: key.permissions,
      management: key.management,
      allowedIps: key.allowedIps,
      expiresAt: key.expiresAt,
      isRevoked: key.isRevoked,
      // Of this record, since its parts can be other objects than those of the facts.
      effective: undefined,
      org: this.orgPart(org),
      member,
    });
    this.digests.set(key.id, digest);
  }

  /** Drops what was changed. */
  apply({ kind, reference }: Change): void {
    switch (kind) {
      case 'advance':
        break;
      case 'key':
        this.records.delete(this.digests.get(reference) ?? '');
        break;
      case 'organisation':
        this.orgs.delete(reference);
        break;
      case 'user':
        this.users.delete(reference);
        break;
      case 'membership':
        this.members.delete(reference);
        break;
      default:
        // Everything has changed, or something that only a later release knows.
        this.clear();
    }
  }

  clear(): void {
    this.records.clear();
    for (const parts of [this.orgs, this.users, this.members]) parts.clear();
  }

  private orgPart(facts: OrgFacts): OrgPart {
    return this.orgs.get(facts.id) ?? this.orgs.set(facts.id, { isLive: true, facts });
  }

  private memberPart(orgId: OrgId, userId: UserId, facts: MemberFacts | null): MemberPart {
    const reference = `${orgId}/${userId}`;
    const known = this.members.get(reference);
    if (known?.user.isLive === true) return known;
    const user = this.users.get(userId) ?? this.users.set(userId, { isLive: true, id: userId });
    return this.members.set(reference, { isLive: true, facts, user });
  }
}
