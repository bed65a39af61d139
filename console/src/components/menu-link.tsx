import { Menu, type MenuItemProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { Ref } from 'react';

interface Props extends MenuItemProps {
  ref?: Ref<HTMLAnchorElement>;
}

/** A page in a menu. It is a link, so that it opens in another tab as well. */
export const MenuLink = createLink((props: Props) => <Menu.Item component="a" {...props} />);
