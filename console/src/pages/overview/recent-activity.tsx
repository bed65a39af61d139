import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/audit';
import type { AuditEvent } from '../../api/client';
import { useNamesOf } from '../../api/names';
import { AnchorLink } from '../../components/anchor-link';
import { Failure } from '../../components/failure';
import { Section } from '../../components/section';
import { Sentence } from '../../components/sentence';
import { When } from '../../components/when';

const shown = 6;

/** What has happened lately. */
export function RecentActivity({ orgId }: { orgId: string }) {
  const events = useQuery(auditQuery(orgId, {}));
  return (
    <Section
      title="Recent activity"
      isFlush
      action={
        <AnchorLink to="/$orgId/configuration/audit" params={{ orgId }}>
          View all
        </AnchorLink>
      }
    >
      {events.error && <Failure error={events.error} retry={() => void events.refetch()} />}
      {events.isPending && (
        <Skeleton height={160} m="md" role="status" aria-label="The activity is loading" />
      )}
      {events.data && <Lines orgId={orgId} events={events.data.items.slice(0, shown)} />}
    </Section>
  );
}

function Lines({ orgId, events }: { orgId: string; events: AuditEvent[] }) {
  const names = useNamesOf(orgId, events);
  return (
    <ul className="lines">
      {events.map((event) => (
        <li key={event.id}>
          <span className="name">
            <Sentence orgId={orgId} event={event} names={names} />
          </span>
          <span className="minor">
            <When at={event.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
