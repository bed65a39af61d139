import { Badge, Button, Group, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { isNotFound, type Key, type Standing } from '../../api/client';
import { changeKey, keyQuery } from '../../api/keys';
import { useStanding } from '../../api/session';
import { AnchorLink } from '../../components/anchor-link';
import { Facts } from '../../components/facts';
import { Failure, NotFound } from '../../components/failure';
import { RenameDialog } from '../../components/rename-dialog';
import { When } from '../../components/when';
import { useTitle } from '../../lib/use-title';
import { scopes, states } from '../../lib/words';
import { AuditTrail } from './audit-trail';
import { Expiry } from './key-table';
import { NarrowDialog } from './narrow-dialog';
import { RevokeDialog } from './revoke-dialog';
import { UsageChart } from './usage-chart';

export function KeyPage() {
  const { orgId, keyId } = useParams({ from: '/signed-in/$orgId/configuration/api-keys/$keyId' });
  const key = useQuery(keyQuery(orgId, keyId));
  const standing = useStanding(orgId);
  useTitle(key.data?.name ?? 'API Key');
  if (isNotFound(key.error)) return <NotFound />;
  return (
    <Stack gap="lg">
      <AnchorLink to="/$orgId/configuration/api-keys" params={{ orgId }}>
        All API keys
      </AnchorLink>
      {key.error && !key.data && <Failure error={key.error} retry={() => void key.refetch()} />}
      {key.isPending && <Skeleton height={240} aria-label="The key is loading" />}
      {key.data && (
        <>
          {standing && <Top apiKey={key.data} standing={standing} />}
          <Facts label="Facts" facts={factsOf(key.data)} />
          <UsageChart orgId={orgId} keyId={keyId} />
          {standing?.permissions.includes('audit:read') && (
            <AuditTrail orgId={orgId} keyId={keyId} />
          )}
        </>
      )}
    </Stack>
  );
}

type Dialog = 'rename' | 'narrow' | 'revoke';

function Top({ apiKey, standing }: { apiKey: Key; standing: Standing }) {
  const [dialog, setDialog] = useState<Dialog>();
  const { name, colour } = states[apiKey.state];
  const close = () => {
    setDialog(undefined);
  };
  const mayChange = standing.permissions.includes('keys:write');
  return (
    <Group justify="space-between">
      <Group gap="sm">
        <Title order={1} size="h2" className="name">
          {apiKey.name}
        </Title>
        <Badge color={colour} variant="light">
          {name}
        </Badge>
      </Group>
      {mayChange && apiKey.state === 'active' && <Actions open={setDialog} />}
      {dialog === 'rename' && (
        <RenameDialog
          what="key"
          name={apiKey.name}
          rename={(next) => changeKey(apiKey.orgId, apiKey.id, { name: next })}
          close={close}
        />
      )}
      {dialog === 'narrow' && <NarrowDialog apiKey={apiKey} standing={standing} close={close} />}
      {dialog === 'revoke' && <RevokeDialog apiKey={apiKey} close={close} />}
    </Group>
  );
}

function Actions({ open }: { open: (dialog: Dialog) => void }) {
  return (
    <Group gap="xs">
      <Button
        variant="default"
        onClick={() => {
          open('rename');
        }}
      >
        Rename
      </Button>
      <Button
        variant="default"
        onClick={() => {
          open('narrow');
        }}
      >
        Narrow
      </Button>
      <Button
        color="red"
        variant="light"
        onClick={() => {
          open('revoke');
        }}
      >
        Revoke
      </Button>
    </Group>
  );
}

function factsOf(key: Key): [string, ReactNode][] {
  return [
    ['Key', <span className="masked">{key.masked}</span>],
    ['Permissions', scopes[key.scope].name],
    ['Only these permissions', key.permissions?.join(', ') ?? 'All that its owner has within that'],
    ['Only from', key.allowedIps?.join(', ') ?? 'Everywhere'],
    ['Owner', key.ownerName ?? 'No member any more'],
    ['Created', <When at={key.createdAt} as="date" />],
    ['Expires', <Expiry apiKey={key} />],
    ['Last used', key.lastUsedAt === null ? 'Never' : <When at={key.lastUsedAt} />],
    ['Last used from', key.lastUsedIp ?? '–'],
    ['Last used by', key.lastUsedUserAgent ?? '–'],
    ['Uses in all', key.uses.toLocaleString()],
    ...(key.revokedAt === null
      ? []
      : ([
          ['Revoked', <When at={key.revokedAt} />],
          ['Reason', key.revokeReason ?? '–'],
        ] as [string, ReactNode][])),
  ];
}
