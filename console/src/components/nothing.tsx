import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Stands where a list has nothing, and says what that means. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" py={48} px="md" gap="xs">
      <Text fw={600}>{title}</Text>
      {typeof children === 'string' ? (
        <Text c="dimmed" ta="center">
          {children}
        </Text>
      ) : (
        children
      )}
    </Stack>
  );
}
