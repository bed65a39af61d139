import { Button, Group, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Policy, Standing } from '../../api/client';
import { orgQuery, renameOrg, type Org } from '../../api/orgs';
import { Facts } from '../../components/facts';
import { Failure } from '../../components/failure';
import { Heading } from '../../components/heading';
import { OrgPage } from '../../components/org-page';
import { OrgStatus } from '../../components/org-status';
import { RenameDialog } from '../../components/rename-dialog';
import { When } from '../../components/when';
import { PolicyDialog } from './policy-dialog';

export function OrganisationPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/organisation' });
  return (
    <OrgPage orgId={orgId} title="Organisation" permission="org:read" what="its settings">
      {(standing) => <Organisation standing={standing} />}
    </OrgPage>
  );
}

function Organisation({ standing }: { standing: Standing }) {
  const org = useQuery(orgQuery(standing.id));
  return (
    <Stack gap="lg">
      {org.error && <Failure error={org.error} retry={() => void org.refetch()} />}
      {org.isPending && <Skeleton height={240} aria-label="The organisation is loading" />}
      {org.data && (
        <Settings org={org.data} mayChange={standing.permissions.includes('org:admin')} />
      )}
    </Stack>
  );
}

function Settings({ org, mayChange }: { org: Org; mayChange: boolean }) {
  const [dialog, setDialog] = useState<'rename' | 'policy'>();
  const close = () => {
    setDialog(undefined);
  };
  const opener = (which: typeof dialog, name: string) =>
    mayChange && (
      <Button
        variant="default"
        onClick={() => {
          setDialog(which);
        }}
      >
        {name}
      </Button>
    );
  return (
    <>
      <Heading title={org.name} text="What this organisation is, and how long its keys may live.">
        {opener('rename', 'Rename')}
      </Heading>
      <Facts label="Organisation" facts={factsOf(org)} />
      <Group justify="space-between">
        <Title order={2} size="h4">
          Rules for new keys
        </Title>
        {opener('policy', 'Change the rules')}
      </Group>
      <Facts label="Rules for new keys" facts={rulesOf(org.policy)} />
      {dialog === 'rename' && (
        <RenameDialog
          what="organisation"
          name={org.name}
          rename={(name) => renameOrg(org.id, name)}
          close={close}
        />
      )}
      {dialog === 'policy' && <PolicyDialog orgId={org.id} policy={org.policy} close={close} />}
    </>
  );
}

function factsOf({ id, slug, status, grants, createdAt }: Org): [string, ReactNode][] {
  return [
    ['Short name', slug],
    ['Id', id],
    ['Status', <OrgStatus status={status} />],
    ['Since', <When at={createdAt} as="date" />],
    ['Data permissions, given by who runs Keyfence', grants.join(', ') || 'None'],
  ];
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;

function rulesOf(policy: Policy): [string, ReactNode][] {
  return [
    ['Lifetime unless another is chosen', days(policy.defaultExpiryDays)],
    ['Longest lifetime', days(policy.maxLifetimeDays)],
    ['Keys that never expire', policy.allowNoExpiry ? 'Allowed' : 'Not allowed'],
    [
      'Members',
      policy.memberKeys === 'own' ? 'Create keys of their own' : 'Ask managers for their keys',
    ],
  ];
}
