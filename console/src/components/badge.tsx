import type { ReactNode } from 'react';

interface Props {
  colour?: string;
  children: ReactNode;
}

/** A state, or something else that a word names. */
export const Badge = ({ colour = 'gray', children }: Props) => (
  <span className={`badge ${colour}`}>{children}</span>
);
