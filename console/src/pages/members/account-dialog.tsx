import { Loader, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Member } from '../../api/members';
import { deactivateUser, reactivateUser, userKeysQuery, userQuery } from '../../api/users';
import { Dialog, DialogForm } from '../../components/dialog';
import { Failure } from '../../components/failure';
import { toast } from '../../lib/toasts';
import { DoomedKeys } from './doomed-keys';

interface Props {
  member: Member;
  close: () => void;
}

/** The account of a member, which is one for all organisations: operators deactivate and reactivate it. */
export function AccountDialog({ member, close }: Props) {
  const user = useQuery(userQuery(member.userId));
  return (
    <Dialog title={`Account of ${member.name}`} close={close}>
      {user.error && <Failure error={user.error} retry={() => void user.refetch()} />}
      {user.isPending && <Loader aria-label="The account is loading" />}
      {user.data?.status === 'active' && <Deactivation member={member} close={close} />}
      {user.data?.status === 'deactivated' && <Reactivation member={member} close={close} />}
    </Dialog>
  );
}

function useChange(
  { member, close }: Props,
  change: (userId: string) => Promise<unknown>,
  done: string,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => change(member.userId),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast(`${member.name} was ${done}`);
      close();
    },
  });
}

function Deactivation(props: Props) {
  const { member, close } = props;
  const keys = useQuery(userKeysQuery(member.userId));
  const deactivate = useChange(props, deactivateUser, 'deactivated');
  return (
    <DialogForm
      submit="Deactivate"
      isDangerous
      disabled={keys.data === undefined}
      close={close}
      task={deactivate}
    >
      <Text>
        {member.kind === 'person'
          ? `${member.name} is signed out, and cannot sign in to any organisation until the account is reactivated.`
          : `${member.name} can do nothing in any organisation until the account is reactivated.`}
      </Text>
      {keys.error && <Failure error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <Loader aria-label="The keys are loading" />}
      {keys.data && <DoomedKeys keys={keys.data.items} total={keys.data.total} />}
    </DialogForm>
  );
}

function Reactivation(props: Props) {
  const { member, close } = props;
  const reactivate = useChange(props, reactivateUser, 'reactivated');
  return (
    <DialogForm submit="Reactivate" close={close} task={reactivate}>
      <Text>
        This account is deactivated. With it, keys of {member.name} that are neither revoked nor
        expired work again.
      </Text>
    </DialogForm>
  );
}
