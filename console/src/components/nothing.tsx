import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** What that means. */
  text?: string;
  /** The button that ends it. */
  children?: ReactNode;
}

/** Stands where a list has nothing. */
export function Nothing({ title, text, children }: Props) {
  return (
    <div className="nothing">
      <Text fw={600}>{title}</Text>
      {text !== undefined && <Text c="dimmed">{text}</Text>}
      {children}
    </div>
  );
}
