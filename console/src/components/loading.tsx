import { Skeleton } from '@mantine/core';

/** Stands in for what is on its way. `label` says what that is, such as “The key is loading”. */
export function Loading({ label }: { label: string }) {
  // A name needs a role: without one, assistive technology does not read it.
  return <Skeleton height={240} role="status" aria-label={label} />;
}
