import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { MouseEventHandler, ReactNode, Ref } from 'react';

interface Props extends AnchorProps {
  ref?: Ref<HTMLAnchorElement>;
  children?: ReactNode;
  /** Beside going there. */
  onClick?: MouseEventHandler<HTMLAnchorElement>;
}

/** Leads to a page of the console. */
export const AnchorLink = createLink((props: Props) => <Anchor {...props} />);
