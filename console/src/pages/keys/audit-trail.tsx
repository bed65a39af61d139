import { Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/audit';
import { Events } from '../../components/events';
import { Failure } from '../../components/failure';

/** What the audit log tells of one key, the latest first. */
export function AuditTrail({ orgId, keyId }: { orgId: string; keyId: string }) {
  const trail = useQuery(auditQuery(orgId, { target: keyId }));
  return (
    <section className="card" aria-labelledby="trail">
      <Stack p="md" pb="xs">
        <Title order={2} size="h4" id="trail">
          What happened to it
        </Title>
        {trail.error && <Failure error={trail.error} retry={() => void trail.refetch()} />}
        {trail.isPending && <Skeleton height={96} aria-label="The audit log is loading" />}
      </Stack>
      {trail.data && <Events orgId={orgId} events={trail.data.items} labelledBy="trail" />}
    </section>
  );
}
