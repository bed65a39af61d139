import { Stack, Text, Title } from '@mantine/core';
import type { Standing } from '../api/client';

interface Props {
  standing: Standing;
  title: string;
  /** What the person cannot see. */
  what: string;
}

/** Says to somebody who may not see a page whom they can ask. */
export function NoAccess({ standing: { name, status, managers }, title, what }: Props) {
  return (
    <Stack className="card" p="xl" maw={560}>
      <Title order={1} size="h3">
        {title}
      </Title>
      {status === 'suspended' ? (
        <Text>
          {name} is suspended. Its keys do not work until whoever runs Keyfence resumes it.
        </Text>
      ) : (
        <Text>
          You are a member of {name}, and {what} are for managers. Ask one: {managers.join(', ')}.
        </Text>
      )}
    </Stack>
  );
}
