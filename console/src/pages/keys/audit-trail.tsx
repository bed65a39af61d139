import { Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AuditEvent } from '../../api/client';
import { trailQuery } from '../../api/keys';
import { Failure } from '../../components/failure';
import { When } from '../../components/when';

const actions: Partial<Record<AuditEvent['action'], string>> = {
  'key.created': 'Created',
  'key.changed': 'Changed',
  'key.revoked': 'Revoked',
  'key.expired': 'Expired',
};

const kinds: Record<AuditEvent['actor']['kind'], string> = {
  system: 'Keyfence itself',
  key: 'with a key',
  console: 'in the console',
  secret_holder: 'Somebody who had the secret',
};

/** What the audit log tells of one key, the latest first. */
export function AuditTrail({ orgId, keyId }: { orgId: string; keyId: string }) {
  const trail = useQuery(trailQuery(orgId, keyId));
  return (
    <Stack component="section" className="card" p="md" aria-labelledby="trail">
      <Title order={2} size="h4" id="trail">
        What happened to it
      </Title>
      {trail.error && <Failure error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending && <Skeleton height={96} aria-label="The audit log is loading" />}
      {trail.data && (
        <div className="visually-wide" role="group" aria-labelledby="trail" tabIndex={0}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {['When', 'What', 'Who', 'From'].map((title) => (
                  <Table.Th key={title}>{title}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {trail.data.items.map((event) => (
                <Table.Tr key={event.id}>
                  <Table.Td>
                    <When at={event.at} />
                  </Table.Td>
                  <Table.Td>{actions[event.action] ?? event.action}</Table.Td>
                  <Table.Td>
                    <Actor event={event} />
                  </Table.Td>
                  <Table.Td>{event.ip ?? '–'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Stack>
  );
}

function Actor({ event: { actor } }: { event: AuditEvent }) {
  return (
    <>
      {kinds[actor.kind]}
      {actor.userId !== null && (
        <Text size="xs" c="dimmed">
          {actor.userId}
        </Text>
      )}
    </>
  );
}
