import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** Names what the title stands above. */
  id?: string;
  /** Says what the page is for. */
  text: ReactNode;
  /** What can be done here. */
  children?: ReactNode;
}

/** The top of a page. */
export function Heading({ title, id, text, children }: Props) {
  return (
    <Group justify="space-between" align="flex-start">
      <div>
        <Title order={1} size="h2" id={id} className="name">
          {title}
        </Title>
        <Text c="dimmed">{text}</Text>
      </div>
      {children}
    </Group>
  );
}
