import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../../api/keys';
import { DayChart } from '../../components/day-chart';
import { Failure } from '../../components/failure';
import { Section } from '../../components/section';

/** How many requests were made with the key on each of the last thirty days (UTC). */
export function UsageChart({ orgId, keyId }: { orgId: string; keyId: string }) {
  const usage = useQuery(usageQuery(orgId, keyId));
  return (
    <Section title="Requests per day">
      {usage.error && <Failure error={usage.error} retry={() => void usage.refetch()} />}
      {usage.isPending && (
        <Skeleton height={220} role="status" aria-label="The requests are loading" />
      )}
      {usage.data && <DayChart days={usage.data.days} />}
    </Section>
  );
}
