import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { Ref } from 'react';

interface Props extends ButtonProps {
  ref?: Ref<HTMLAnchorElement>;
}

/** A page of the console, where a button leads there. */
export const ButtonLink = createLink((props: Props) => <Button component="a" {...props} />);
