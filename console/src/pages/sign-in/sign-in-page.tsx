import { Alert, Button, Code, Container, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { answerOf, api } from '../api/client';
import { sessionQuery } from '../api/session';
import { Failure } from '../components/failure';
import icon from '../icon.svg';
import { useTitle } from '../lib/use-title';

/** The token of a link, which is gone from the URL and the history as soon as it is read. */
function takeToken(): string | undefined {
  const { pathname, hash, search } = window.location;
  if (pathname !== '/sign-in' || hash.length < 2) return undefined;
  window.history.replaceState(null, '', pathname + search);
  return hash.slice(1);
}

/** Once for the whole page: it is not there a second time. */
const linkToken = takeToken();

/** The token of the link that led here, or that somebody has pasted while they were here. */
function useToken(): [string | undefined, (token: string | undefined) => void] {
  const [token, setToken] = useState(linkToken);
  useEffect(() => {
    const take = () => {
      const next = takeToken();
      if (next !== undefined) setToken(next);
    };
    window.addEventListener('hashchange', take);
    return () => {
      window.removeEventListener('hashchange', take);
    };
  }, []);
  return [token, setToken];
}

export function SignInPage() {
  useTitle('Sign in');
  const options = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => answerOf(api.GET('/v1/sign-in')),
  });
  const [token, setToken] = useToken();
  return (
    <Container component="main" size={440} py={72}>
      <Stack className="card" p="xl" gap="lg">
        <span className="brand">
          <img src={icon} alt="" /> Keyfence
        </span>
        <Title order={1} size="h2">
          Sign in
        </Title>
        {options.error && <Failure error={options.error} retry={() => void options.refetch()} />}
        {options.data?.obstacle && <Alert color="orange">{options.data.obstacle}</Alert>}
        {options.data?.obstacle === null &&
          (token === undefined ? (
            <AskForLink canMail={options.data.mail} />
          ) : (
            <UseLink
              token={token}
              giveUp={() => {
                setToken(undefined);
              }}
            />
          ))}
      </Stack>
    </Container>
  );
}

/** A click and not the mere visit uses a link up: programs that look at mail visit links, too. */
function UseLink({ token, giveUp }: { token: string; giveUp: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { back } = useSearch({ from: '/sign-in' });
  const signIn = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/session', { body: { token } })),
    onSuccess: async (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      await navigate({ href: back ?? '/', replace: true });
    },
  });
  if (signIn.error) {
    return (
      <Stack>
        <Failure error={signIn.error} />
        <Button variant="light" onClick={giveUp}>
          Ask for another link
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

function AskForLink({ canMail }: { canMail: boolean }) {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/sign-in-links', { body: { email: email.trim() } })),
  });
  if (!canMail) {
    return (
      <Stack gap="xs">
        <Text>
          No mail server is set up here. Ask whoever runs Keyfence for a link, which they print with
        </Text>
        <Code block>npm run login-link -- your@address</Code>
      </Stack>
    );
  }
  if (ask.isSuccess) {
    return (
      <Alert color="teal" role="status" title="Look into your mail">
        If {email.trim()} belongs to a user, a link is on its way. It works once, within 15 minutes.
      </Alert>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="email"
          required
          autoFocus
          value={email}
          onChange={(event) => {
            setEmail(event.currentTarget.value);
          }}
        />
        {ask.error && <Failure error={ask.error} />}
        <Button type="submit" loading={ask.isPending}>
          Mail me a link
        </Button>
      </Stack>
    </form>
  );
}
