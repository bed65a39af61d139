import {
  ActionIcon,
  Button,
  Container,
  Menu,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { answerOf, api } from '../api/client';
import { sessionQuery, useOperator, useSession, useStanding } from '../api/session';
import icon from '../icon.svg';

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const { orgId } = useParams({ strict: false });
  return (
    <>
      <a className="skip" href="#content">
        To the content
      </a>
      <header className="header">
        <Container size="xl" className="header-row">
          <Link to="/" className="brand" aria-label="Keyfence, to the start">
            <img src={icon} alt="" />
            <span>Keyfence</span>
          </Link>
          {orgId !== undefined && <OrganisationMenu current={orgId} />}
          <div className="header-end">
            <SettingsMenu orgId={orgId} />
            <ColourScheme />
            <UserMenu />
          </div>
        </Container>
      </header>
      <Container component="main" id="content" size="xl" py="lg" tabIndex={-1}>
        <Outlet />
      </Container>
    </>
  );
}

function OrganisationMenu({ current }: { current: string }) {
  const { organisations } = useSession();
  const navigate = useNavigate();
  const name = useStanding(current)?.name ?? 'Organisation';
  if (organisations.length < 2)
    return (
      <Text fw={500} truncate>
        {name}
      </Text>
    );
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="subtle" color="gray" aria-label={`Organisation: ${name}`}>
          <Text truncate maw="40vw">
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {organisations.map(({ id, name: each, status }) => (
          <Menu.Item
            key={id}
            disabled={status === 'suspended'}
            aria-current={id === current}
            onClick={() => {
              void navigate({ to: '/$orgId/configuration/api-keys', params: { orgId: id } });
            }}
          >
            {each}
            {status === 'suspended' && ' (suspended)'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const pages = [
  ['/$orgId/configuration/api-keys', 'API Keys'],
  ['/$orgId/configuration/members', 'Users & Permissions'],
  ['/$orgId/configuration/webhooks', 'Webhooks'],
  ['/$orgId/configuration/audit', 'Audit log'],
  ['/$orgId/configuration/organisation', 'Organisation'],
] as const;

function SettingsMenu({ orgId }: { orgId: string | undefined }) {
  const navigate = useNavigate();
  const isOperator = useOperator() !== undefined;
  if (orgId === undefined && !isOperator) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="gray">
          Settings
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {orgId !== undefined &&
          pages.map(([to, name]) => (
            <Menu.Item
              key={to}
              onClick={() => {
                void navigate({ to, params: { orgId } });
              }}
            >
              {name}
            </Menu.Item>
          ))}
        {isOperator && (
          <Menu.Item
            onClick={() => {
              void navigate({ to: '/organisations' });
            }}
          >
            All organisations
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function ColourScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={isDark ? 'Light colours' : 'Dark colours'}
      onClick={() => {
        setColorScheme(isDark ? 'light' : 'dark');
      }}
    >
      <span aria-hidden>{isDark ? '☀' : '☾'}</span>
    </ActionIcon>
  );
}

function UserMenu() {
  const { user } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = async (everywhere: boolean) => {
    await answerOf(everywhere ? api.DELETE('/v1/sessions') : api.DELETE('/v1/session'));
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
    await navigate({ to: '/sign-in', search: { back: undefined } });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          aria-label={`${initials(user.name)}: signed in as ${user.name}`}
        >
          {initials(user.name)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name}
          <br />
          {user.email}
        </Menu.Label>
        <Menu.Item onClick={() => void signOut(false)}>Sign out</Menu.Item>
        <Menu.Item onClick={() => void signOut(true)}>Sign out everywhere</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Two letters at the most. */
const initials = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join('');
