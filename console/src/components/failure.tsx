import { Alert, Button, Stack, Text } from '@mantine/core';
import { ApiError } from '../api/client';

interface Props {
  error: Error;
  /** Retries what failed. */
  retry?: () => void;
}

/** What went wrong, in the words of the service; of what is its own fault, the id that its log has. */
export function Failure({ error, retry }: Props) {
  const problem = error instanceof ApiError ? error.problem : undefined;
  const isOurs = problem === undefined || problem.status === 0 || problem.status >= 500;
  const requestId = error instanceof ApiError && isOurs ? error.requestId : undefined;
  const detail = problem?.status === 0 ? 'Check your connection. Then try again.' : problem?.detail;
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={problem?.title ?? 'Something went wrong.'}
    >
      <Stack gap="xs" align="flex-start">
        {detail !== undefined && <Text>{detail}</Text>}
        {requestId !== undefined && (
          <Text size="xs" c="dimmed">
            Request {requestId}
          </Text>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
