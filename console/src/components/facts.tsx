import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** What is known of something, by name. */
export function Facts({ facts, label }: { facts: [string, ReactNode][]; label: string }) {
  return (
    <section className="card" aria-label={label}>
      <Stack p="md">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Stack>
    </section>
  );
}
