import { Loader, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Key } from '../../api/client';
import { liveKeysQuery, removeMember, type Member } from '../../api/members';
import { Failure } from '../../components/failure';
import { FormDialog } from '../../components/dialog';
import { toast } from '../../lib/toasts';
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
      toast(`${name} was removed`);
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
      {keys.data && <Doomed keys={keys.data.items} total={keys.data.total} />}
    </FormDialog>
  );
}

/** As many are counted; there can be more. */
const mostCounted = 100_000;

const amount = (count: number) =>
  count.toLocaleString('en') + (count >= mostCounted ? ' or more' : '');

function Doomed({ keys, total }: { keys: Key[]; total: number }) {
  if (keys.length === 0) return <Text>No keys will be affected.</Text>;
  // A key can come or go between the two responses.
  const more = total - keys.length;
  return (
    <>
      <Text>
        {keys.length === 1
          ? 'This key stops working at once and permanently:'
          : `These ${amount(Math.max(total, keys.length))} keys stop working at once and permanently:`}
      </Text>
      <ul>
        {keys.map(({ id, name, masked, lastUsedAt }) => (
          <li key={id} className="name">
            {name} <span className="masked">{masked}</span>,{' '}
            {lastUsedAt === null ? (
              'never used'
            ) : (
              <>
                last used <When at={lastUsedAt} />
              </>
            )}
          </li>
        ))}
        {more > 0 && <li>and {amount(more)} more</li>}
      </ul>
    </>
  );
}
