import { Group } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  /** What can be done here. */
  action?: ReactNode;
  /** Whether what it holds reaches its edges, as tables do. */
  isFlush?: boolean;
  children: ReactNode;
}

/** A part of a page, with its title. */
export function Section({ title, action, isFlush = false, children }: Props) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <Group className="card-title" justify="space-between">
        <h2 id={id}>{title}</h2>
        {action}
      </Group>
      {isFlush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}
