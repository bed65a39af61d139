import { List, Loader, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Key } from '../../api/client';
import { liveKeysQuery, removeMember, type Member } from '../../api/members';
import { Failure } from '../../components/failure';
import { FormDialog } from '../../components/dialog';
import { When } from '../../components/when';

/** Removes a member, which revokes their keys: first it shows which. */
export function RemoveDialog({ member, close }: { member: Member; close: () => void }) {
  const client = useQueryClient();
  const { orgId, userId, name } = member;
  const keys = useQuery(liveKeysQuery(orgId, userId));
  const remove = useMutation({
    mutationFn: () => removeMember(orgId, userId),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <FormDialog
      title={`Remove ${name}?`}
      submit="Remove"
      isDangerous
      disabled={keys.data === undefined}
      close={close}
      task={remove}
    >
      {keys.error && <Failure error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <Loader aria-label="The keys are loading" />}
      {keys.data && <Doomed keys={keys.data.items} hasMore={keys.data.nextCursor !== null} />}
    </FormDialog>
  );
}

function Doomed({ keys, hasMore }: { keys: Key[]; hasMore: boolean }) {
  if (keys.length === 0) return <Text>There are no keys that would stop working.</Text>;
  return (
    <>
      <Text>These keys stop working at once, for good:</Text>
      <List size="sm">
        {keys.map(({ id, name, masked, lastUsedAt }) => (
          <List.Item key={id} className="name">
            {name} <span className="masked">{masked}</span>,{' '}
            {lastUsedAt === null ? (
              'never used'
            ) : (
              <>
                last used <When at={lastUsedAt} />
              </>
            )}
          </List.Item>
        ))}
        {hasMore && <List.Item>and more</List.Item>}
      </List>
    </>
  );
}
