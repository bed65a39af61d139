import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, api, type AuditEvent } from './client';

/** The filters of the audit log. They are in the URL. */
export interface AuditSearch {
  action?: AuditEvent['action'];
  actor?: string;
  target?: string;
  /** Days, the last one included, as people speak of them. */
  from?: string;
  to?: string;
  cursor?: string;
}

const day = 86_400_000;

/** The filters as the service takes them: instants, of which the last is not included. */
function filtersOf({ action, actor, target, from, to }: AuditSearch) {
  return {
    action,
    actor,
    target,
    from: from && `${from}T00:00:00Z`,
    to: to && new Date(Date.parse(to) + day).toISOString(),
  };
}

export const auditQuery = (orgId: string, search: AuditSearch) =>
  queryOptions({
    queryKey: ['audit', orgId, search],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/audit-events', {
          params: {
            path: { orgId },
            query: { ...filtersOf(search), cursor: search.cursor, limit: 50 },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** Where the browser gets all of it from, as a file. */
export function exportUrl(orgId: string, search: AuditSearch): string {
  const given = Object.entries(filtersOf(search)).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  return `/v1/orgs/${orgId}/audit-events/export?${new URLSearchParams(given).toString()}`;
}
