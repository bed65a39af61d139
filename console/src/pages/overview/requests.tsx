import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Key } from '../../api/client';
import { mostCharted, requestsQuery } from '../../api/overview';
import { DayChart } from '../../components/day-chart';
import { Failure } from '../../components/failure';
import { Section } from '../../components/section';

/** Requests a day with the keys that were used last. */
export function Requests({ orgId, used }: { orgId: string; used: Key[] }) {
  const charted = used.slice(0, mostCharted);
  const ids = charted.map(({ id }) => id).sort();
  const requests = useQuery({ ...requestsQuery(orgId, ids), enabled: ids.length > 0 });
  const isPart = used.length > charted.length;
  return (
    <Section title="Requests per day">
      {ids.length === 0 && <Text c="dimmed">No active key has been used yet.</Text>}
      {requests.error && <Failure error={requests.error} retry={() => void requests.refetch()} />}
      {requests.isLoading && (
        <Skeleton height={220} role="status" aria-label="The requests are loading" />
      )}
      {requests.data && <DayChart days={requests.data} />}
      {isPart && (
        <Text className="minor" mt="xs">
          With the {mostCharted} active keys that were used last.
        </Text>
      )}
    </Section>
  );
}
