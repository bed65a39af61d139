import { Loader, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { inviteMember, memberQuery, type Member } from '../../api/members';
import { Failure } from '../../components/failure';
import { FormDialog } from '../../components/dialog';
import { When } from '../../components/when';
import { deliveryStates } from '../../lib/events';
import { toast } from '../../lib/toasts';

/** What became of the invitation of a member, and sends it again. */
export function InviteDialog({ member, close }: { member: Member; close: () => void }) {
  const client = useQueryClient();
  const { orgId, userId, name, email } = member;
  const details = useQuery({ ...memberQuery(orgId, userId), staleTime: 0 });
  const invite = useMutation({
    mutationFn: () => inviteMember(member),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['members', orgId] });
      toast(`An invitation to ${email ?? name} is on its way`);
      close();
    },
  });
  const invitation = details.data?.invitation;
  return (
    <FormDialog
      title={`Invite ${name} again?`}
      submit="Send invitation"
      close={close}
      task={invite}
    >
      {details.error && <Failure error={details.error} retry={() => void details.refetch()} />}
      {details.isPending && <Loader aria-label="The invitation is loading" />}
      <Text>
        {name} has not opened this organisation yet.{' '}
        {invitation && (
          <>
            The last invitation is from <When at={invitation.createdAt} />:{' '}
            {deliveryStates[invitation.state].name}.
          </>
        )}{' '}
        The e-mail to {email} says where to sign in.
      </Text>
    </FormDialog>
  );
}
