import { Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../../api/keys';
import { Failure } from '../../components/failure';

interface Day {
  day: string;
  uses: number;
}

/** How often the key was used on each of the last thirty days (UTC). */
export function UsageChart({ orgId, keyId }: { orgId: string; keyId: string }) {
  const usage = useQuery(usageQuery(orgId, keyId));
  return (
    <Stack component="section" className="card" p="md" aria-labelledby="usage">
      <Title order={2} size="h4" id="usage">
        Uses per day
      </Title>
      {usage.error && <Failure error={usage.error} retry={() => void usage.refetch()} />}
      {usage.isPending && <Skeleton height={128} aria-label="The uses are loading" />}
      {usage.data && <Chart days={usage.data.days} />}
    </Stack>
  );
}

function Chart({ days }: { days: Day[] }) {
  const most = Math.max(1, ...days.map(({ uses }) => uses));
  const total = days.reduce((sum, { uses }) => sum + uses, 0);
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${days.length} 100`}
        preserveAspectRatio="none"
        aria-hidden
      >
        {days.map(({ day, uses }, index) => {
          const height = uses === 0 ? 2 : Math.max(4, (uses / most) * 100);
          return (
            <rect
              key={day}
              className={uses === 0 ? 'none' : undefined}
              x={index + 0.1}
              y={100 - height}
              width={0.8}
              height={height}
            >
              <title>{`${day}: ${uses.toLocaleString()}`}</title>
            </rect>
          );
        })}
      </svg>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {first}
        </Text>
        <Text size="sm">
          {total.toLocaleString()} uses in {days.length} days, {most.toLocaleString()} on the
          busiest
        </Text>
        <Text size="sm" c="dimmed">
          {last}
        </Text>
      </Group>
      <details>
        <summary>As a table</summary>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Day (UTC)</Table.Th>
              <Table.Th>Uses</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...days].reverse().map(({ day, uses }) => (
              <Table.Tr key={day}>
                <Table.Td>{day}</Table.Td>
                <Table.Td>{uses.toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </>
  );
}
