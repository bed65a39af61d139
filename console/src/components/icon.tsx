import type { Icon as TablerIcon } from '@tabler/icons-react';

interface Props {
  of: TablerIcon;
  /** In pixels. */
  size?: number;
}

/** A picture beside a text that says the same. */
export const Icon = ({ of: Shape, size = 18 }: Props) => (
  <Shape size={size} stroke={1.75} aria-hidden />
);
