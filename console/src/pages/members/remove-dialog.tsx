import { Loader } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { liveKeysQuery, removeMember, type Member } from '../../api/members';
import { Failure } from '../../components/failure';
import { FormDialog } from '../../components/dialog';
import { toast } from '../../lib/toasts';
import { DoomedKeys } from './doomed-keys';

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
      {keys.data && (
        <DoomedKeys keys={keys.data.items} total={keys.data.total} how="at once and permanently" />
      )}
    </FormDialog>
  );
}
