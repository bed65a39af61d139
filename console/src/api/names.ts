import { useQueries, useQuery } from '@tanstack/react-query';
import type { AuditEvent } from './client';
import { keyQuery } from './keys';
import { memberQuery } from './members';
import { useSession, useStanding } from './session';
import { webhooksQuery } from './webhooks';

/** The names of what events of the audit log have as ids. */
export interface NamesOf {
  user: (userId: string) => string;
  actor: (event: AuditEvent) => string;
  target: (event: AuditEvent) => string;
}

/** A name that the event itself has. */
function ownName({ before, after }: AuditEvent): string | undefined {
  const values: Record<string, unknown> = { ...before, ...after };
  return [values.name, values.url].find((each) => typeof each === 'string');
}

/** The names of keys that the events do not have. They hardly change, so they are asked for once. */
function useKeyNames(orgId: string, events: AuditEvent[]): Map<string, string> {
  const known = new Map<string, string>();
  // Latest first: that is what a key is called now.
  for (const event of events) {
    const name = ownName(event);
    if (name !== undefined && !known.has(event.targetId)) known.set(event.targetId, name);
  }
  const ids = new Set(events.map(({ targetId }) => targetId));
  const unknown = [...ids].filter((id) => id.startsWith('key_') && !known.has(id));
  return useQueries({
    queries: unknown.map((id) => ({
      ...keyQuery(orgId, id),
      staleTime: 60_000,
      refetchInterval: false as const,
    })),
    combine: (found) => {
      found.forEach(({ data }) => data && known.set(data.id, data.name));
      return known;
    },
  });
}

/** The members that events are about, or who did what they tell. */
function membersIn(events: AuditEvent[]): string[] {
  const ids = events.flatMap(({ actor, targetId }) => [actor.userId, targetId]);
  return [...new Set(ids)].filter((id): id is string => id?.startsWith('usr_') === true);
}

/** Names of members; of others, what they are. */
function useUserNames(orgId: string, events: AuditEvent[]): (userId: string) => string | undefined {
  const { user } = useSession();
  const standing = useStanding(orgId);
  const maySee = standing?.permissions.includes('members:read') ?? false;
  return useQueries({
    queries: membersIn(events).map((id) => ({ ...memberQuery(orgId, id), enabled: maySee })),
    combine: (found) => {
      const names = new Map([[user.id, user.name]]);
      found.forEach(({ data }) => data && names.set(data.userId, data.name));
      return (userId: string) => names.get(userId);
    },
  });
}

export function useNamesOf(orgId: string, events: AuditEvent[]): NamesOf {
  const userName = useUserNames(orgId, events);
  const keyNames = useKeyNames(orgId, events);
  const hasHook = events.some(({ targetId }) => targetId.startsWith('whk_'));
  const { data: hooks } = useQuery({ ...webhooksQuery(orgId), enabled: hasHook });
  const actor = ({ actor: by }: AuditEvent) => {
    if (by.kind === 'system') return 'Keyfence';
    if (by.kind === 'secret_holder') return 'Somebody who had the secret';
    const name = by.userId === null ? undefined : userName(by.userId);
    if (name !== undefined) return name;
    return by.orgId !== null && by.orgId !== orgId ? 'An operator' : 'A former member';
  };
  const target = (event: AuditEvent) => {
    const { targetId } = event;
    if (targetId.startsWith('usr_')) return userName(targetId) ?? ownName(event) ?? targetId;
    const hook = hooks?.items.find(({ id }) => id === targetId);
    return keyNames.get(targetId) ?? ownName(event) ?? hook?.url ?? targetId;
  };
  return { user: (userId) => userName(userId) ?? userId, actor, target };
}
