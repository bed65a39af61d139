import type { ReactNode } from 'react';
import { Section } from './section';

interface Props {
  facts: [string, ReactNode][];
  title: string;
  /** What can be done about them. */
  action?: ReactNode;
}

/** What is known of something, by name. */
export function Facts({ facts, title, action }: Props) {
  return (
    <Section title={title} action={action}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
