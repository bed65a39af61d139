import { Button, Stack, Text } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Standing } from '../../api/client';
import { membersQuery, type Member, type MemberSearch } from '../../api/members';
import { signInQuery, useOperator, useSession } from '../../api/session';
import { Badge } from '../../components/badge';
import { Heading } from '../../components/heading';
import { Icon } from '../../components/icon';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
import { RowAction, Rows } from '../../components/rows';
import { When } from '../../components/when';
import { AccountDialog } from './account-dialog';
import { AddDialog } from './add-dialog';
import { ChangeDialog } from './change-dialog';
import { InviteDialog } from './invite-dialog';
import { MemberFilters } from './member-filters';
import { RemoveDialog } from './remove-dialog';
import { RevokeKeysDialog } from './revoke-keys-dialog';
import { SignInLinkDialog } from './sign-in-link';

export function MembersPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/members' });
  return (
    <OrgPage orgId={orgId} title="Users & Permissions" permission="members:read" what="its members">
      {(standing) => <Members standing={standing} />}
    </OrgPage>
  );
}

type Dialog =
  | { kind: 'add' }
  | { kind: 'change' | 'revoke' | 'remove' | 'invite' | 'link' | 'account'; member: Member };

function Members({ standing }: { standing: Standing }) {
  const orgId = standing.id;
  const search = useSearch({ from: '/signed-in/$orgId/configuration/members' });
  const navigate = useNavigate({ from: '/$orgId/configuration/members' });
  const members = useQuery(membersQuery(orgId, search));
  const change = (next: MemberSearch) => void navigate({ search: next });
  const isNarrowed = search.search !== undefined || search.role !== undefined;
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <Stack gap="lg">
      <Heading
        title="Users & Permissions"
        text={`The members of ${standing.name}, and what their keys may do.`}
      >
        <Button
          leftSection={<Icon of={IconPlus} size={16} />}
          onClick={() => {
            setDialog({ kind: 'add' });
          }}
        >
          Add member
        </Button>
      </Heading>
      <Listing
        label="Members"
        query={members}
        search={search}
        change={change}
        toolbar={<MemberFilters search={search} change={change} total={members.data?.total} />}
        empty={
          isNarrowed ? (
            <Nothing title="Nobody matches" />
          ) : (
            <Nothing title="Nobody yet" text="Start with a manager, who can add everybody else.">
              <Button
                onClick={() => {
                  setDialog({ kind: 'add' });
                }}
              >
                Add a manager
              </Button>
            </Nothing>
          )
        }
      >
        {(items) => (
          <MemberTable
            members={items}
            mayRevoke={standing.permissions.includes('keys:write')}
            open={setDialog}
          />
        )}
      </Listing>
      {dialog?.kind === 'add' && (
        <AddDialog
          orgId={orgId}
          close={close}
          addedInSilence={(member) => {
            setDialog({ kind: 'link', member });
          }}
        />
      )}
      {dialog?.kind === 'invite' && <InviteDialog member={dialog.member} close={close} />}
      {dialog?.kind === 'link' && <SignInLinkDialog member={dialog.member} close={close} />}
      {dialog?.kind === 'change' && <ChangeDialog member={dialog.member} close={close} />}
      {dialog?.kind === 'account' && <AccountDialog member={dialog.member} close={close} />}
      {dialog?.kind === 'revoke' && <RevokeKeysDialog member={dialog.member} close={close} />}
      {dialog?.kind === 'remove' && <RemoveDialog member={dialog.member} close={close} />}
    </Stack>
  );
}

interface TableProps {
  members: Member[];
  mayRevoke: boolean;
  open: (dialog: Dialog) => void;
}

function MemberTable({ members, ...props }: TableProps) {
  return (
    <Rows label="Members" titles={['Name', 'Role', 'Data permissions', 'Joined']} hasActions>
      {members.map((member) => (
        <MemberRow key={member.userId} member={member} {...props} />
      ))}
    </Rows>
  );
}

interface RowProps extends Omit<TableProps, 'members'> {
  member: Member;
}

function MemberRow({ member, mayRevoke, open }: RowProps) {
  const { user } = useSession();
  const held = useOperator()?.permissions ?? [];
  const isOperator = held.includes('users:admin') && held.includes('orgs:admin');
  const { userId, name, email, kind, role, grants, pending, createdAt } = member;
  return (
    <tr>
      <td className="name" data-label="Name">
        <div>
          <Text fw={550}>
            {name}
            {userId === user.id && ' (you)'}
            {pending && (
              <>
                {' '}
                <Badge>Pending</Badge>
              </>
            )}
          </Text>
          <Text className="minor">{kind === 'service' ? 'Service account' : email}</Text>
        </div>
      </td>
      <td data-label="Role">
        <Badge colour={role === 'manager' ? 'indigo' : 'gray'}>
          {role === 'manager' ? 'Manager' : 'Member'}
        </Badge>
      </td>
      <td data-label="Data permissions" className="name">
        {grants === null ? 'All data permissions' : grants.join(', ') || 'None'}
      </td>
      <td data-label="Joined">
        <When at={createdAt} as="date" />
      </td>
      <td data-label="">
        <div className="row-actions">
          <LettingIn member={member} open={open} />
          <RowAction
            name="Change"
            label={`Change ${name}`}
            onClick={() => {
              open({ kind: 'change', member });
            }}
          />
          {isOperator && (
            <RowAction
              name="Account"
              label={`Account of ${name}`}
              onClick={() => {
                open({ kind: 'account', member });
              }}
            />
          )}
          {mayRevoke && (
            <RowAction
              name="Revoke keys"
              label={`Revoke keys of ${name}`}
              isDangerous
              onClick={() => {
                open({ kind: 'revoke', member });
              }}
            />
          )}
          <RowAction
            name="Remove"
            label={`Remove ${name}`}
            isDangerous
            onClick={() => {
              open({ kind: 'remove', member });
            }}
          />
        </div>
      </td>
    </tr>
  );
}

/** How somebody gets in who has not been here yet: invited again, or with a link from an operator. */
function LettingIn({ member, open }: Pick<RowProps, 'member' | 'open'>) {
  const canMail = useQuery(signInQuery).data?.mailServer === true;
  const canLink = useOperator()?.permissions.includes('users:admin') ?? false;
  const { name, pending } = member;
  if (!pending) return null;
  return (
    <>
      {canMail && (
        <RowAction
          name="Resend"
          label={`Send the invitation of ${name} again`}
          onClick={() => {
            open({ kind: 'invite', member });
          }}
        />
      )}
      {(canLink || !canMail) && (
        <RowAction
          name="Sign-in link"
          label={`Sign-in link for ${name}`}
          onClick={() => {
            open({ kind: 'link', member });
          }}
        />
      )}
    </>
  );
}
