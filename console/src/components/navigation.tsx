import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconBook2 from '@tabler/icons-react/icons/IconBook2';
import IconBuildingCommunity from '@tabler/icons-react/icons/IconBuildingCommunity';
import IconMenu2 from '@tabler/icons-react/icons/IconMenu2';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Standing } from '../api/client';
import { useOperator } from '../api/session';
import { pagesOf } from '../lib/pages';
import { Icon } from './icon';

interface Props {
  /** Undefined where no organisation is open. */
  orgId: string | undefined;
  standing: Standing | null | undefined;
}

/** The pages that the person may open. The link to the current one is marked. */
export function Navigation({ orgId, standing }: Props) {
  const isOperator = useOperator() !== undefined;
  return (
    <nav className="nav" aria-label="Pages">
      {orgId !== undefined &&
        pagesOf(standing).map(({ to, name, icon }) => (
          <Link key={to} to={to} params={{ orgId }}>
            <Icon of={icon} /> {name}
          </Link>
        ))}
      {isOperator && (
        <>
          <p className="nav-title">Installation</p>
          <Link to="/organisations">
            <Icon of={IconBuildingCommunity} /> All organisations
          </Link>
        </>
      )}
      <div className="nav-end">
        <a href="/docs">
          <Icon of={IconBook2} /> API reference
        </a>
      </div>
    </nav>
  );
}

/** The same behind a button, where there is no room beside the page. */
export function NavigationDrawer(props: Props) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // The person who has chosen a page wants to see it.
  useEffect(close, [pathname, close]);
  return (
    <>
      <Button
        className="narrow-only icon-button"
        variant="subtle"
        color="gray"
        aria-label="Open the menu"
        aria-expanded={isOpen}
        onClick={open}
      >
        <Icon of={IconMenu2} size={20} />
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title="Menu"
        lockScroll={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
        classNames={{ inner: 'drawer-inner', content: 'drawer' }}
      >
        <Navigation {...props} />
      </Modal>
    </>
  );
}
