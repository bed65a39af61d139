import { LRUCache } from 'lru-cache';
import type { OrgId, UserId } from '../common/ids.js';
import type { AccessFacts, KeyFacts, MemberFacts, OrgFacts } from '../permissions/facts.js';

/** A row of the history: the kind of what changed, and which one. */
export interface Change {
  readonly kind: string;
  readonly reference: string;
}

/** What records are made of, shared between them. It is dead once the history tells of a change. */
interface Part {
  isLive: boolean;
}

interface OrgPart extends Part {
  readonly facts: OrgFacts;
}

interface MemberPart extends Part {
  readonly facts: MemberFacts | null;
  readonly user: Part;
}

/** A key as it is kept: instants as numbers, because a Date takes eight times their space. */
interface KeyRecord {
  readonly key: Omit<KeyFacts, 'expiresAt' | 'revokedAt' | 'ownerId'>;
  readonly ownerId: UserId;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly org: OrgPart;
  readonly member: MemberPart;
}

const asNumber = (at: Date | null) => (at === null ? null : at.getTime());
const asDate = (at: number | null) => (at === null ? null : new Date(at));

/** Parts by what the history calls them. Whatever leaves is dead: it could miss a change. */
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
 * What verdicts were lately made of, as it stands in the store: rows, no verdicts. All of it belongs
 * to one state of the store; whoever adds to it or applies changes sees to that (see Fence).
 */
export class RecordCache {
  private readonly records: LRUCache<string, KeyRecord>;
  private readonly orgs: Parts<OrgPart>;
  private readonly users: Parts<Part>;
  private readonly members: Parts<MemberPart>;
  /** Under which digest a key is kept. Of a key with two secrets only one is. */
  private readonly digests = new Map<string, string>();

  /** @param max how many keys are kept at the most; those unused for longest go first */
  constructor(max: number) {
    this.records = new LRUCache({ max, dispose: ({ key }) => this.digests.delete(key.id) });
    this.orgs = new Parts(max);
    this.users = new Parts(max);
    this.members = new Parts(max);
  }

  get size(): number {
    return this.records.size;
  }

  /** The facts of the key whose secret has this digest; undefined when they are not known here. */
  find(digest: string): AccessFacts | undefined {
    const record = this.records.get(digest);
    if (record === undefined) return undefined;
    const { key, ownerId, org, member } = record;
    if (!org.isLive || !member.isLive || !member.user.isLive) {
      this.records.delete(digest);
      return undefined;
    }
    const expiresAt = asDate(record.expiresAt);
    const revokedAt = asDate(record.revokedAt);
    return {
      key: { ...key, ownerId, expiresAt, revokedAt },
      owner: member.facts,
      org: org.facts,
    };
  }

  /** Keeps facts that belong to the state that all the others belong to. */
  keep(digest: string, { key, owner, org }: AccessFacts): void {
    const { ownerId, expiresAt, revokedAt, ...rest } = key;
    const known = this.digests.get(key.id);
    if (known !== undefined) this.records.delete(known);
    this.records.set(digest, {
      key: rest,
      ownerId,
      expiresAt: asNumber(expiresAt),
      revokedAt: asNumber(revokedAt),
      org: this.orgPart(org),
      member: this.memberPart(org.id, ownerId, owner),
    });
    this.digests.set(key.id, digest);
  }

  /** Forgets what was changed. */
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
        // Everything has changed, or what a later release knows of.
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
    const user = this.users.get(userId) ?? this.users.set(userId, { isLive: true });
    return this.members.set(reference, { isLive: true, facts, user });
  }
}
