import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { orgsQuery, type Org } from '../../api/orgs';
import { useOperator } from '../../api/session';
import { AnchorLink } from '../../components/anchor-link';
import { NotFound } from '../../components/failure';
import { Heading } from '../../components/heading';
import { Listing } from '../../components/listing';
import { OrgStatus } from '../../components/org-status';
import { Rows } from '../../components/rows';
import { When } from '../../components/when';
import { useTitle } from '../../lib/use-title';
import { CreateOrgDialog } from './create-org-dialog';
import { GrantsDialog } from './grants-dialog';
import { StatusDialog } from './status-dialog';

type Dialog = { kind: 'create' } | { kind: 'grants' | 'status'; org: Org };

/** All organisations, for those who run Keyfence. */
export function OrganisationsPage() {
  useTitle('Organisations');
  const operator = useOperator();
  if (operator === undefined) return <NotFound />;
  return <Organisations mayChange={operator.permissions.includes('orgs:admin')} />;
}

function Organisations({ mayChange }: { mayChange: boolean }) {
  const search = useSearch({ from: '/signed-in/organisations' });
  const navigate = useNavigate({ from: '/organisations' });
  const orgs = useQuery(orgsQuery(search.cursor));
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <Stack gap="lg">
      <Heading title="Organisations" text="Everybody who has keys here, and what they may do.">
        {mayChange && (
          <Button
            onClick={() => {
              setDialog({ kind: 'create' });
            }}
          >
            Create organisation
          </Button>
        )}
      </Heading>
      <Listing
        label="Organisations"
        query={orgs}
        search={search}
        change={(next) => void navigate({ search: next })}
        empty={null}
      >
        {(items) => <OrgTable orgs={items} open={mayChange ? setDialog : undefined} />}
      </Listing>
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
    <Rows titles={['Name', 'Status', 'Data permissions', 'Since', 'Actions']}>
      {orgs.map((org) => (
        <OrgRow key={org.id} org={org} open={open} />
      ))}
    </Rows>
  );
}

function OrgRow({ org, open }: { org: Org; open: TableProps['open'] }) {
  const { id, name, slug, kind, status, grants, createdAt } = org;
  return (
    <Table.Tr>
      <Table.Td className="name" data-label="Name">
        <div>
          {open === undefined ? (
            <Text fw={550}>{name}</Text>
          ) : (
            // Operators act as managers in each organisation.
            <AnchorLink fw={550} to="/$orgId/configuration/members" params={{ orgId: id }}>
              {name}
            </AnchorLink>
          )}
          <Text size="sm" c="dimmed">
            {kind === 'operator' ? 'Those who run Keyfence' : slug}
          </Text>
        </div>
      </Table.Td>
      <Table.Td data-label="Status">
        <OrgStatus status={status} />
      </Table.Td>
      <Table.Td data-label="Data permissions" className="name">
        {grants.join(', ') || 'None'}
      </Table.Td>
      <Table.Td data-label="Since">
        <When at={createdAt} as="date" />
      </Table.Td>
      <Table.Td data-label="">
        {open !== undefined && kind === 'customer' && <Actions org={org} open={open} />}
      </Table.Td>
    </Table.Tr>
  );
}

function Actions({ org, open }: { org: Org; open: (dialog: Dialog) => void }) {
  const isActive = org.status === 'active';
  return (
    <Group gap={0} wrap="nowrap">
      <Button
        size="xs"
        variant="subtle"
        aria-label={`Permissions of ${org.name}`}
        onClick={() => {
          open({ kind: 'grants', org });
        }}
      >
        Permissions
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color={isActive ? 'red' : undefined}
        aria-label={`${isActive ? 'Suspend' : 'Resume'} ${org.name}`}
        onClick={() => {
          open({ kind: 'status', org });
        }}
      >
        {isActive ? 'Suspend' : 'Resume'}
      </Button>
    </Group>
  );
}
