import { Stack, Text } from '@mantine/core';
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
      <h1>{title}</h1>
      {status === 'suspended' ? (
        <Text>{name} is suspended. Its keys do not work until an operator resumes it.</Text>
      ) : (
        <Text>
          You are a member of {name}. Only managers can see {what}. Ask one: {managers.join(', ')}.
        </Text>
      )}
    </Stack>
  );
}
