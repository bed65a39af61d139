import { Alert, Anchor, Button, Container, Stack, Text, Title } from '@mantine/core';
import { ApiError } from '../api/client';

interface Props {
  error: Error;
  /** Tries again what has failed. */
  retry?: () => void;
}

/** What went wrong, in the words of the service, and under which id its log has it. */
export function Failure({ error, retry }: Props) {
  const problem = error instanceof ApiError ? error.problem : undefined;
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={problem?.title ?? 'Something went wrong.'}
    >
      <Stack gap="xs" align="flex-start">
        {problem?.detail !== undefined && <Text size="sm">{problem.detail}</Text>}
        {requestId !== undefined && (
          <Text size="xs" c="dimmed">
            Request {requestId}
          </Text>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

export function NotFound() {
  return (
    <Container size="xs" py={80}>
      <Stack>
        <Title order={1} size="h2">
          There is nothing here
        </Title>
        <Text>The address may be mistyped, or what it led to is not yours to see.</Text>
        <Anchor href="/">To your API keys</Anchor>
      </Stack>
    </Container>
  );
}
