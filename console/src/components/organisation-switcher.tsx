import { Button, Menu, Text } from '@mantine/core';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconSelector from '@tabler/icons-react/icons/IconSelector';
import type { Standing } from '../api/client';
import { useOperator, useSession } from '../api/session';
import { Icon } from './icon';
import { MenuLink } from './menu-link';

interface Props {
  orgId: string | undefined;
  standing: Standing | null | undefined;
}

/** Says whose pages these are, and leads to those of other organisations. */
export function OrganisationSwitcher({ orgId, standing }: Props) {
  const { organisations } = useSession();
  const isOperator = useOperator() !== undefined;
  if (orgId === undefined && !isOperator) return null;
  const name = orgId === undefined ? 'All organisations' : (standing?.name ?? 'Organisation');
  if (organisations.length < 2 && !isOperator) {
    return (
      <Text className="switcher" px="sm" truncate>
        {name}
      </Text>
    );
  }
  return (
    <Menu position="bottom-start" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          className="switcher icon-button"
          variant="subtle"
          color="gray"
          aria-label={`Organisation: ${name}`}
          rightSection={<Icon of={IconSelector} size={16} />}
        >
          <Text inherit truncate>
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {organisations.map(({ id, name: each, status }) => (
          <MenuLink
            key={id}
            to="/$orgId/configuration/api-keys"
            params={{ orgId: id }}
            disabled={status === 'suspended'}
            rightSection={id === orgId && <Icon of={IconCheck} size={16} />}
          >
            {each}
            {status === 'suspended' && ' (suspended)'}
          </MenuLink>
        ))}
        {isOperator && <MenuLink to="/organisations">All organisations</MenuLink>}
      </Menu.Dropdown>
    </Menu>
  );
}
