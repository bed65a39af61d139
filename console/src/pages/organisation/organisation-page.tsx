import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Policy, Standing } from '../../api/client';
import { orgQuery, renameOrg, type KeyRules, type Org } from '../../api/orgs';
import { useOperator } from '../../api/session';
import { Facts } from '../../components/facts';
import { Failure } from '../../components/failure';
import { Heading } from '../../components/heading';
import { Loading } from '../../components/loading';
import { OrgPage } from '../../components/org-page';
import { OrgStatus } from '../../components/org-status';
import { RenameDialog } from '../../components/rename-dialog';
import { When } from '../../components/when';
import { BoundsDialog, boundNames } from './bounds-dialog';
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
      {org.isPending && <Loading label="The organisation is loading" />}
      {org.data && (
        <Settings org={org.data} mayChange={standing.permissions.includes('org:admin')} />
      )}
    </Stack>
  );
}

function Settings({ org, mayChange }: { org: Org; mayChange: boolean }) {
  const [dialog, setDialog] = useState<'rename' | 'policy' | 'bounds'>();
  const mayBind = useOperator()?.permissions.includes('orgs:admin') ?? false;
  const { bounds, ...rules } = org.policy;
  const close = () => {
    setDialog(undefined);
  };
  const opener = (which: typeof dialog, name: string, isAllowed = mayChange) =>
    isAllowed && (
      <Button
        variant="default"
        size={which === 'rename' ? 'sm' : 'xs'}
        aria-label={
          which === 'rename'
            ? undefined
            : `${name} the ${which === 'policy' ? 'key policy' : 'key limits'}`
        }
        onClick={() => {
          setDialog(which);
        }}
      >
        {name}
      </Button>
    );
  return (
    <>
      <Heading title={org.name} text="This organisation, and the policy for its keys.">
        {opener('rename', 'Rename')}
      </Heading>
      <Facts title="Organisation" facts={factsOf(org)} />
      <Facts title="Key policy" facts={rulesOf(rules)} action={opener('policy', 'Edit')} />
      <Facts
        title="Key limits (set by operators)"
        facts={boundsOf(bounds)}
        action={opener('bounds', 'Edit', mayBind)}
      />
      {dialog === 'rename' && (
        <RenameDialog
          what="organisation"
          name={org.name}
          rename={(name) => renameOrg(org.id, name)}
          close={close}
        />
      )}
      {dialog === 'policy' && <PolicyDialog orgId={org.id} rules={rules} close={close} />}
      {dialog === 'bounds' && <BoundsDialog orgId={org.id} bounds={bounds} close={close} />}
    </>
  );
}

function factsOf({ id, slug, status, grants, createdAt }: Org): [string, ReactNode][] {
  return [
    ['Slug', slug],
    ['ID', <span className="masked">{id}</span>],
    ['Status', <OrgStatus status={status} />],
    ['Created', <When at={createdAt} as="date" />],
    ['Data permissions (set by operators)', grants.join(', ') || 'None: its keys reach no data'],
  ];
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;

const boundsOf = ({ maxKeysPerMember, maxKeysPerOrg }: Policy['bounds']): [string, ReactNode][] => [
  [boundNames.maxKeysPerMember, maxKeysPerMember.toLocaleString()],
  [boundNames.maxKeysPerOrg, maxKeysPerOrg.toLocaleString()],
];

function rulesOf(policy: KeyRules): [string, ReactNode][] {
  return [
    ['Default expiration', days(policy.defaultExpiryDays)],
    ['Maximum lifetime', days(policy.maxLifetimeDays)],
    ['Keys that never expire', policy.allowNoExpiry ? 'Allowed' : 'Not allowed'],
    [
      'Members',
      policy.memberKeys === 'own' ? 'Create their own keys' : 'Ask managers for their keys',
    ],
  ];
}
