import { Button, Group } from '@mantine/core';

interface Props<T extends { cursor?: string }> {
  search: T;
  /** Undefined on the last page. */
  next: string | undefined;
  /** Whether the next page is not to be had yet. */
  isHeld: boolean;
  change: (next: T) => void;
}

/** The pages before are in the history of the browser. */
export function Pages<T extends { cursor?: string }>({ search, next, isHeld, change }: Props<T>) {
  if (search.cursor === undefined && next === undefined) return null;
  return (
    <Group p="md" justify="space-between">
      <Button
        variant="default"
        disabled={search.cursor === undefined}
        onClick={() => {
          change({ ...search, cursor: undefined });
        }}
      >
        First page
      </Button>
      <Button
        variant="default"
        disabled={next === undefined || isHeld}
        onClick={() => {
          change({ ...search, cursor: next });
        }}
      >
        Next page
      </Button>
    </Group>
  );
}
