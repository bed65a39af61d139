import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditQuery } from '../../api/audit';
import { Events } from '../../components/events';
import { Failure } from '../../components/failure';
import { Pages } from '../../components/pages';
import { Section } from '../../components/section';

/** What the audit log has about one key, latest first. */
export function AuditTrail({ orgId, keyId }: { orgId: string; keyId: string }) {
  const [page, setPage] = useState<{ cursor?: string }>({});
  const trail = useQuery(auditQuery(orgId, { target: keyId, ...page }));
  return (
    <Section title="Activity" isFlush>
      {trail.error && <Failure error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending && (
        <Skeleton height={96} m="md" role="status" aria-label="The activity is loading" />
      )}
      {trail.data && <Events orgId={orgId} events={trail.data.items} label="Activity" />}
      <Pages
        search={page}
        next={trail.data?.nextCursor ?? undefined}
        isHeld={trail.isPlaceholderData}
        change={setPage}
      />
    </Section>
  );
}
