import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { liveKeysQuery, remainingKeys, revokeMemberKeys, type Member } from '../../api/members';
import { Dialog, FormDialog } from '../../components/dialog';
import { Failure } from '../../components/failure';
import { ReasonField } from '../../components/reason-field';
import { toast } from '../../lib/toasts';
import { shownCount } from '../../lib/words';
import { DoomedKeys } from './doomed-keys';

interface Props {
  member: Member;
  close: () => void;
}

/** Milliseconds between two looks at how many keys are left. */
const pauseMs = 1_000;

const pause = () =>
  new Promise((resolve) => {
    setTimeout(resolve, pauseMs);
  });

/** Revokes all keys of a member, and follows it to the end, whether or not it is still shown. */
function useRevocation({ orgId, userId, name }: Member) {
  const client = useQueryClient();
  const [left, setLeft] = useState<number>();
  const task = useMutation({
    mutationFn: async (reason: string) => {
      let { remaining } = await revokeMemberKeys(orgId, userId, reason);
      while (remaining > 0) {
        setLeft(remaining);
        await pause();
        ({ remaining } = await remainingKeys(orgId, userId));
      }
    },
    onSuccess: () => {
      toast(`All keys of ${name} are revoked`);
    },
    // A call that fails may have revoked some of them.
    onSettled: () => {
      setLeft(undefined);
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  return { task, left };
}

/** Revokes all keys of somebody who stays a member: first it shows which. */
export function RevokeKeysDialog({ member, close }: Props) {
  const { orgId, userId, name } = member;
  const [reason, setReason] = useState('');
  const keys = useQuery(liveKeysQuery(orgId, userId));
  const { task, left } = useRevocation(member);
  if (left !== undefined) return <Progress name={name} left={left} close={close} />;
  const mutate = () => {
    task.mutate(reason.trim(), { onSuccess: close });
  };
  return (
    <FormDialog
      title={`Revoke all keys of ${name}?`}
      submit="Revoke all keys"
      isDangerous
      isSafeFirst
      disabled={keys.data === undefined}
      close={close}
      task={{ ...task, mutate }}
    >
      <Text>
        {name} stays a member, and can have new keys. What is revoked cannot be undone. Programs
        that use these keys need new ones.
      </Text>
      {keys.error && <Failure error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <Loader aria-label="The keys are loading" />}
      {keys.data && <DoomedKeys keys={keys.data.items} total={keys.data.total} how="permanently" />}
      <ReasonField value={reason} change={setReason} />
    </FormDialog>
  );
}

function Progress({ name, left, close }: { name: string; left: number; close: () => void }) {
  return (
    <Dialog title={`Revoke all keys of ${name}`} close={close}>
      <Stack>
        <Text role="status">Revoking: {shownCount(left)} left</Text>
        <Text>Those that are left still work. You can close this: the work goes on.</Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
