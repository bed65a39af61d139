import { Button, Stack, Text } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { orgsQuery, type Org } from '../../api/orgs';
import { useOperator } from '../../api/session';
import { AnchorLink } from '../../components/anchor-link';
import { NotFound } from '../../components/full-page';
import { Heading } from '../../components/heading';
import { Icon } from '../../components/icon';
import { Listing } from '../../components/listing';
import { OrgStatus } from '../../components/org-status';
import { RowAction, Rows } from '../../components/rows';
import { When } from '../../components/when';
import { useTitle } from '../../lib/use-title';
import { CreateOrgDialog } from './create-org-dialog';
import { GettingStarted } from './getting-started';
import { EndingKeys } from './ending-keys';
import { GrantsDialog } from './grants-dialog';
import { InstallationSettings } from './installation';
import { OlderNodes } from './older-nodes';
import { StatusDialog } from './status-dialog';

type Dialog = { kind: 'create' } | { kind: 'grants' | 'status'; org: Org };

/** All organisations, for those who run Keyfence. */
export function OrganisationsPage() {
  useTitle('All organisations');
  const operator = useOperator();
  if (operator === undefined) return <NotFound />;
  return (
    <Organisations
      operatorId={operator.id}
      mayChange={operator.permissions.includes('orgs:admin')}
    />
  );
}

interface OrganisationsProps {
  operatorId: string;
  mayChange: boolean;
}

function Organisations({ operatorId, mayChange }: OrganisationsProps) {
  const search = useSearch({ from: '/signed-in/organisations' });
  const navigate = useNavigate({ from: '/organisations' });
  const orgs = useQuery(orgsQuery(search.cursor));
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <Stack gap="lg">
      <Heading
        title="All organisations"
        text="Your customers, and the operators of this installation."
      >
        {mayChange && (
          <Button
            leftSection={<Icon of={IconPlus} size={16} />}
            onClick={() => {
              setDialog({ kind: 'create' });
            }}
          >
            Create organisation
          </Button>
        )}
      </Heading>
      {mayChange && <OlderNodes />}
      <EndingKeys orgId={operatorId} />
      {mayChange && <GettingStarted operatorId={operatorId} />}
      <Listing
        label="Organisations"
        query={orgs}
        search={search}
        change={(next) => void navigate({ search: next })}
        empty={null}
      >
        {(items) => <OrgTable orgs={items} open={mayChange ? setDialog : undefined} />}
      </Listing>
      {mayChange && <InstallationSettings />}
      {dialog?.kind === 'create' && <CreateOrgDialog close={close} />}
      {dialog?.kind === 'grants' && <GrantsDialog org={dialog.org} close={close} />}
      {dialog?.kind === 'status' && <StatusDialog org={dialog.org} close={close} />}
    </Stack>
  );
}

interface TableProps {
  orgs: Org[];
  /** Undefined for those who may only look. */
  open: ((dialog: Dialog) => void) | undefined;
}

function OrgTable({ orgs, open }: TableProps) {
  return (
    <Rows
      label="Organisations"
      titles={['Name', 'Status', 'Data permissions', 'Created']}
      hasActions
    >
      {orgs.map((org) => (
        <OrgRow key={org.id} org={org} open={open} />
      ))}
    </Rows>
  );
}

function OrgRow({ org, open }: { org: Org; open: TableProps['open'] }) {
  const { id, name, slug, kind, status, grants, createdAt } = org;
  return (
    <tr>
      <td className="name" data-label="Name">
        <div>
          {open === undefined ? (
            <Text fw={550}>{name}</Text>
          ) : (
            // Operators act as managers in each organisation.
            <AnchorLink
              className="row-link"
              to="/$orgId/configuration/overview"
              params={{ orgId: id }}
            >
              {name}
            </AnchorLink>
          )}
          <Text className="minor">{kind === 'operator' ? 'Operator organisation' : slug}</Text>
        </div>
      </td>
      <td data-label="Status">
        <OrgStatus status={status} />
      </td>
      <td data-label="Data permissions" className="name">
        {kind === 'operator' ? '–' : grants.join(', ') || 'None: its keys reach no data'}
      </td>
      <td data-label="Created">
        <When at={createdAt} as="date" />
      </td>
      <td data-label="">
        {open !== undefined && kind === 'customer' && <Actions org={org} open={open} />}
      </td>
    </tr>
  );
}

function Actions({ org, open }: { org: Org; open: (dialog: Dialog) => void }) {
  const isActive = org.status === 'active';
  return (
    <div className="row-actions">
      <RowAction
        name="Permissions"
        label={`Permissions of ${org.name}`}
        onClick={() => {
          open({ kind: 'grants', org });
        }}
      />
      <RowAction
        name={isActive ? 'Suspend' : 'Resume'}
        label={`${isActive ? 'Suspend' : 'Resume'} ${org.name}`}
        isDangerous={isActive}
        onClick={() => {
          open({ kind: 'status', org });
        }}
      />
    </div>
  );
}
