import { Alert, Button, Code, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client';
import { Failure } from '../../components/failure';

/** Has a link mailed, or says how else to come by one. */
export function AskForLink({ canMail }: { canMail: boolean }) {
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
