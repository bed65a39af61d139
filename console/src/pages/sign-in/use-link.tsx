import { Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { answerOf, api } from '../../api/client';
import { Failure } from '../../components/failure';
import { useEnter } from './use-enter';

/** A click uses the link, not the visit alone: programs that scan mail visit links, too. */
export function UseLink({ token, giveUp }: { token: string; giveUp: () => void }) {
  const { back } = useSearch({ from: '/sign-in' });
  const enter = useEnter();
  const signIn = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/session', { body: { token } })),
    onSuccess: (session) => enter(session, back),
  });
  if (signIn.error) {
    return (
      <Stack>
        <Failure error={signIn.error} />
        <Button variant="light" onClick={giveUp}>
          Request another link
        </Button>
      </Stack>
    );
  }
  return (
    <Button
      size="md"
      loading={signIn.isPending}
      onClick={() => {
        signIn.mutate();
      }}
    >
      Continue
    </Button>
  );
}
