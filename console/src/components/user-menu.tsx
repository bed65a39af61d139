import { Button, Menu, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconDevices from '@tabler/icons-react/icons/IconDevices';
import IconDeviceDesktop from '@tabler/icons-react/icons/IconDeviceDesktop';
import IconLogout from '@tabler/icons-react/icons/IconLogout';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import IconSun from '@tabler/icons-react/icons/IconSun';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { answerOf, api } from '../api/client';
import { sessionQuery, useSession } from '../api/session';
import { Icon } from './icon';
import { SessionsDialog } from './sessions-dialog';

/** Who is signed in, how the page looks to them, and how they leave. */
export function UserMenu() {
  const { user } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = async (everywhere: boolean) => {
    await answerOf(everywhere ? api.DELETE('/v1/sessions') : api.DELETE('/v1/session'));
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
    await navigate({ to: '/sign-in', search: { back: undefined } });
  };
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            className="icon-button"
            aria-label={`${initials(user.name)}: signed in as ${user.name}`}
          >
            <span className="initials">{initials(user.name)}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text fw={550} c="var(--strong)">
              {user.name}
            </Text>
            {user.email}
          </Menu.Label>
          <ColourScheme />
          <Menu.Item leftSection={<Icon of={IconDeviceDesktop} size={16} />} onClick={open}>
            Your sessions
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon of={IconLogout} size={16} />}
            onClick={() => void signOut(false)}
          >
            Sign out
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon of={IconDevices} size={16} />}
            onClick={() => void signOut(true)}
          >
            Sign out everywhere
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isOpen && <SessionsDialog close={close} />}
    </>
  );
}

function ColourScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <Menu.Item
      closeMenuOnClick={false}
      leftSection={<Icon of={isDark ? IconSun : IconMoon} size={16} />}
      onClick={() => {
        setColorScheme(isDark ? 'light' : 'dark');
      }}
    >
      {isDark ? 'Light colours' : 'Dark colours'}
    </Menu.Item>
  );
}

/** At most two letters. */
const initials = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join('');
