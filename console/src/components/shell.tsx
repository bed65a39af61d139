import { Button, Menu } from '@mantine/core';
import IconSettings from '@tabler/icons-react/icons/IconSettings';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import type { Standing } from '../api/client';
import { useAppearance } from '../api/installation';
import { useOperator, useStanding } from '../api/session';
import { pagesOf } from '../lib/pages';
import { Brand } from './brand';
import { Icon } from './icon';
import { MenuLink } from './menu-link';
import { Navigation, NavigationDrawer } from './navigation';
import { OrganisationSwitcher } from './organisation-switcher';
import { Toasts } from './toasts';
import { UserMenu } from './user-menu';

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const { orgId } = useParams({ strict: false });
  const standing = useStanding(orgId);
  const { name } = useAppearance();
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="header">
        <NavigationDrawer orgId={orgId} standing={standing} />
        <Link to="/" className="brand" aria-label={`${name}, home`}>
          <Brand />
        </Link>
        <span className="slash" aria-hidden>
          /
        </span>
        <OrganisationSwitcher orgId={orgId} standing={standing} />
        <div className="header-end">
          <SettingsMenu orgId={orgId} standing={standing} />
          <UserMenu />
        </div>
      </header>
      <div className="body">
        <aside className="sidebar">
          <Navigation orgId={orgId} standing={standing} />
        </aside>
        <main id="content" className="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Toasts />
    </>
  );
}

interface SettingsProps {
  orgId: string | undefined;
  standing: Standing | null | undefined;
}

/** The pages once more, where the documents of products that have keys say that they are. */
function SettingsMenu({ orgId, standing }: SettingsProps) {
  const isOperator = useOperator() !== undefined;
  const pages = pagesOf(standing);
  if ((orgId === undefined || pages.length === 0) && !isOperator) return null;
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="subtle" color="gray" className="icon-button" aria-label="Settings">
          <Icon of={IconSettings} />
          <span className="wide-only">&nbsp;Settings</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {orgId !== undefined &&
          pages.map(({ to, name, icon: shape }) => (
            <MenuLink
              key={to}
              to={to}
              params={{ orgId }}
              leftSection={<Icon of={shape} size={16} />}
            >
              {name}
            </MenuLink>
          ))}
        {isOperator && <MenuLink to="/organisations">All organisations</MenuLink>}
      </Menu.Dropdown>
    </Menu>
  );
}
