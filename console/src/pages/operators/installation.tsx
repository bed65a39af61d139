import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { installationQuery, useAppearance, type Installation } from '../../api/installation';
import { Facts } from '../../components/facts';
import { AppearanceDialog } from './appearance-dialog';
import { PermissionsDialog } from './permissions-dialog';

/** What operators set for all organisations together. */
export function InstallationSettings() {
  const installation = useQuery(installationQuery);
  if (installation.data === undefined) return null;
  return <Settings installation={installation.data} />;
}

function Settings({ installation }: { installation: Installation }) {
  const [dialog, setDialog] = useState<'appearance' | 'permissions'>();
  const { name, logo, scopes } = useAppearance();
  const { dataPermissions: described } = installation;
  const close = () => {
    setDialog(undefined);
  };
  const opener = (which: typeof dialog, label: string) => (
    <Button
      variant="default"
      size="xs"
      aria-label={label}
      onClick={() => {
        setDialog(which);
      }}
    >
      Edit
    </Button>
  );
  return (
    <Stack gap="lg">
      <Facts
        title="Appearance"
        action={opener('appearance', 'Edit the appearance')}
        facts={[
          ['Product name', name],
          ['Logo', <img src={logo} alt={`Logo of ${name}`} width={32} height={32} />],
          ...Object.values(scopes).map(({ name: scope, meaning }): [string, string] => [
            `Access: ${scope}`,
            meaning,
          ]),
        ]}
      />
      <Facts
        title="Data permissions"
        action={opener('permissions', 'Edit the data permissions')}
        facts={
          described.length === 0
            ? [['None described', 'Describe them once, and forms offer them.']]
            : described.map(({ permission, description }) => [permission, description])
        }
      />
      {dialog === 'appearance' && <AppearanceDialog installation={installation} close={close} />}
      {dialog === 'permissions' && <PermissionsDialog described={described} close={close} />}
    </Stack>
  );
}
