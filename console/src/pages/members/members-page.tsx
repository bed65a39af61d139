import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Standing } from '../../api/client';
import { membersQuery, type Member } from '../../api/members';
import { useSession } from '../../api/session';
import { Heading } from '../../components/heading';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
import { Rows } from '../../components/rows';
import { When } from '../../components/when';
import { AddDialog } from './add-dialog';
import { ChangeDialog } from './change-dialog';
import { RemoveDialog } from './remove-dialog';

export function MembersPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/members' });
  return (
    <OrgPage orgId={orgId} title="Users & Permissions" permission="members:read" what="its members">
      {(standing) => <Members standing={standing} />}
    </OrgPage>
  );
}

type Dialog = { kind: 'add' } | { kind: 'change' | 'remove'; member: Member };

function Members({ standing }: { standing: Standing }) {
  const orgId = standing.id;
  const search = useSearch({ from: '/signed-in/$orgId/configuration/members' });
  const navigate = useNavigate({ from: '/$orgId/configuration/members' });
  const members = useQuery(membersQuery(orgId, search.cursor));
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <Stack gap="lg">
      <Heading
        title="Users & Permissions"
        text={`Who belongs to ${standing.name}, and what they may give to their keys.`}
      >
        <Button
          onClick={() => {
            setDialog({ kind: 'add' });
          }}
        >
          Add
        </Button>
      </Heading>
      <Listing
        label="Members"
        query={members}
        search={search}
        change={(next) => void navigate({ search: next })}
        empty={
          <Nothing title="Nobody yet">Begin with a manager, who can add everybody else.</Nothing>
        }
      >
        {(items) => <MemberTable members={items} open={setDialog} />}
      </Listing>
      {dialog?.kind === 'add' && <AddDialog orgId={orgId} close={close} />}
      {dialog?.kind === 'change' && <ChangeDialog member={dialog.member} close={close} />}
      {dialog?.kind === 'remove' && <RemoveDialog member={dialog.member} close={close} />}
    </Stack>
  );
}

interface TableProps {
  members: Member[];
  open: (dialog: Dialog) => void;
}

function MemberTable({ members, open }: TableProps) {
  return (
    <Rows titles={['Name', 'Role', 'Data permissions', 'Since', 'Actions']}>
      {members.map((member) => (
        <MemberRow key={member.userId} member={member} open={open} />
      ))}
    </Rows>
  );
}

function MemberRow({ member, open }: { member: Member; open: TableProps['open'] }) {
  const { user } = useSession();
  const { userId, name, email, kind, role, grants, createdAt } = member;
  return (
    <Table.Tr>
      <Table.Td className="name" data-label="Name">
        <div>
          <Text fw={550}>
            {name}
            {userId === user.id && ' (you)'}
          </Text>
          <Text size="sm" c="dimmed">
            {kind === 'service' ? 'Service account' : email}
          </Text>
        </div>
      </Table.Td>
      <Table.Td data-label="Role">
        <Badge variant="light" color={role === 'manager' ? 'indigo' : 'gray'} tt="none">
          {role === 'manager' ? 'Manager' : 'Member'}
        </Badge>
      </Table.Td>
      <Table.Td data-label="Data permissions" className="name">
        {grants === null ? 'All of the organisation' : grants.join(', ') || 'None'}
      </Table.Td>
      <Table.Td data-label="Since">
        <When at={createdAt} as="date" />
      </Table.Td>
      <Table.Td data-label="">
        <Group gap={0} wrap="nowrap">
          <Button
            size="xs"
            variant="subtle"
            aria-label={`Change ${name}`}
            onClick={() => {
              open({ kind: 'change', member });
            }}
          >
            Change
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={`Remove ${name}`}
            onClick={() => {
              open({ kind: 'remove', member });
            }}
          >
            Remove
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
