import { Badge, Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Standing } from '../../api/client';
import { membersQuery, type Member } from '../../api/members';
import { useSession } from '../../api/session';
import { Failure } from '../../components/failure';
import { OrgPage } from '../../components/org-page';
import { Pages } from '../../components/pages';
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
  const next = members.data?.nextCursor ?? undefined;
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            Users & Permissions
          </Title>
          <Text c="dimmed">
            Who belongs to {standing.name}, and what they may give to their keys.
          </Text>
        </div>
        <Button
          onClick={() => {
            setDialog({ kind: 'add' });
          }}
        >
          Add
        </Button>
      </Group>
      <section className="card" aria-label="Members" aria-busy={members.isFetching}>
        {members.isPending && <Skeleton height={240} m="md" aria-label="The members are loading" />}
        {members.error && !members.data && (
          <Failure error={members.error} retry={() => void members.refetch()} />
        )}
        {members.data && <MemberTable members={members.data.items} open={setDialog} />}
        <Pages search={search} next={next} change={(to) => void navigate({ search: to })} />
      </section>
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
    <Table className="rows" verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {['Name', 'Role', 'Data permissions', 'Since', 'Actions'].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {members.map((member) => (
          <MemberRow key={member.userId} member={member} open={open} />
        ))}
      </Table.Tbody>
    </Table>
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
