import { Alert, Button, Code, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client';
import { Failure } from '../../components/failure';

/** Has a sign-in link mailed, or says how else to get one. */
export function AskForLink({ canMail }: { canMail: boolean }) {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/sign-in-links', { body: { email: email.trim() } })),
  });
  if (!canMail) {
    return (
      <Stack gap="xs">
        <Text>
          No mail server is configured. Ask an operator for a sign-in link. They print it with
        </Text>
        <Code block>npm run login-link -- your@address</Code>
      </Stack>
    );
  }
  if (ask.isSuccess) {
    return (
      <Alert color="teal" role="status" title="Check your email">
        If {email.trim()} belongs to a user, a sign-in link is on its way. It works once, within 15
        minutes. We send at most one e-mail a minute, and three in 15 minutes.
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
          E-mail me a sign-in link
        </Button>
      </Stack>
    </form>
  );
}
