import { Alert, Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { answerOf, api } from '../../api/client';
import { Failure } from '../../components/failure';
import { useEnter } from './use-enter';

/** Where somebody wanted to go, while they are at the provider. */
const backName = 'keyfence.back';

/** What the identity provider sends people back with, which is gone from the URL as well. */
const providerReturn = (() => {
  const { pathname, search } = window.location;
  const given = new URLSearchParams(search);
  const [code, state, error] = ['code', 'state', 'error'].map((name) => given.get(name));
  if (pathname !== '/sign-in' || !state || (!code && !error)) return undefined;
  window.history.replaceState(null, '', pathname);
  return { code: code ?? undefined, state, iss: given.get('iss') ?? undefined };
})();

/** Leads to the identity provider, and goes on when it leads back. */
export function UseProvider({ name }: { name: string }) {
  const { back } = useSearch({ from: '/sign-in' });
  const enter = useEnter();
  const finish = useMutation({
    mutationFn: ({ code = '', state, iss }: NonNullable<typeof providerReturn>) =>
      answerOf(api.POST('/v1/session/provider', { body: { code, state, iss } })),
    onSuccess: (session) => enter(session, sessionStorage.getItem(backName) ?? undefined),
  });
  const begin = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/sign-in/provider')),
    onSuccess: ({ url }) => {
      sessionStorage.setItem(backName, back ?? '/');
      window.location.assign(url);
    },
  });
  const { mutate } = finish;
  useEffect(() => {
    if (providerReturn?.code !== undefined) mutate(providerReturn);
  }, [mutate]);
  return (
    <Stack>
      {providerReturn !== undefined && providerReturn.code === undefined && (
        <Alert color="orange">{name} did not sign you in.</Alert>
      )}
      {finish.error && <Failure error={finish.error} />}
      {begin.error && <Failure error={begin.error} />}
      <Button
        size="md"
        loading={finish.isPending || begin.isPending || begin.isSuccess}
        onClick={() => {
          begin.mutate();
        }}
      >
        Sign in with {name}
      </Button>
    </Stack>
  );
}
