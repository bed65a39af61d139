import { Alert, List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { keysQuery } from '../../api/keys';
import { When } from '../../components/when';
import { useNow } from '../../lib/use-now';

const warnedMs = 14 * 24 * 3_600_000;

/** Keys of the operators and of services that end soon. */
export function EndingKeys({ orgId }: { orgId: string }) {
  const now = useNow();
  const keys = useQuery(keysQuery(orgId, { sort: 'expires' }));
  const ending = (keys.data?.items ?? []).filter(
    ({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) - now.getTime() < warnedMs,
  );
  if (ending.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" title="Keys of the operators that expire soon">
      <List size="sm">
        {ending.map(({ id, name, expiresAt }) => (
          <List.Item key={id}>
            {name}: <When at={expiresAt ?? ''} />
          </List.Item>
        ))}
        {ending.length === keys.data?.items.length && keys.data.nextCursor !== null && (
          <List.Item>and others</List.Item>
        )}
      </List>
    </Alert>
  );
}
