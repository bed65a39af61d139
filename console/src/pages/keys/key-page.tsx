import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { isNotFound, type Key, type Standing } from '../../api/client';
import { changeKey, keyQuery } from '../../api/keys';
import { useStanding } from '../../api/session';
import { AnchorLink } from '../../components/anchor-link';
import { Facts } from '../../components/facts';
import { Failure } from '../../components/failure';
import { NotFound } from '../../components/full-page';
import { Heading } from '../../components/heading';
import { Loading } from '../../components/loading';
import { RenameDialog } from '../../components/rename-dialog';
import { ScopeName } from '../../components/scope-name';
import { When } from '../../components/when';
import { useTitle } from '../../lib/use-title';
import { AuditTrail } from './audit-trail';
import { Expiry } from './expiry';
import { LabelsDialog } from './labels-dialog';
import { KeyState, Tags } from './key-table';
import { NarrowDialog } from './narrow-dialog';
import { RevokeDialog } from './revoke-dialog';
import { UsageChart } from './usage-chart';

export function KeyPage() {
  const { orgId, keyId } = useParams({ from: '/signed-in/$orgId/configuration/api-keys/$keyId' });
  const key = useQuery(keyQuery(orgId, keyId));
  const standing = useStanding(orgId);
  useTitle(key.data?.name ?? 'API key');
  if (isNotFound(key.error)) return <NotFound />;
  return (
    <Stack gap="lg">
      {key.error && !key.data && <Failure error={key.error} retry={() => void key.refetch()} />}
      {key.isPending && <Loading label="The key is loading" />}
      {key.data && (
        <>
          <Top apiKey={key.data} standing={standing} />
          <Details apiKey={key.data} standing={standing} />
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

interface TopProps {
  apiKey: Key;
  standing: Standing | null | undefined;
}

function Top({ apiKey, standing }: TopProps) {
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => {
    setDialog(undefined);
  };
  const isActive = apiKey.state === 'active';
  const mayChange = standing?.permissions.includes('keys:write') ?? false;
  return (
    <>
      <Heading
        title={apiKey.name}
        parent={
          <AnchorLink to="/$orgId/configuration/api-keys" params={{ orgId: apiKey.orgId }}>
            API Keys
          </AnchorLink>
        }
        beside={<KeyState state={apiKey.state} />}
      >
        {mayChange && isActive && <Actions open={setDialog} />}
      </Heading>
      {isActive && (
        <Text className="minor">
          The secret cannot be shown again, and the owner cannot be changed. Is the secret lost, or
          should somebody else own the key? Create a new key, switch your program to it, then revoke
          this one.
        </Text>
      )}
      {dialog === 'rename' && (
        <RenameDialog
          what="key"
          name={apiKey.name}
          rename={(next) => changeKey(apiKey.orgId, apiKey.id, { name: next })}
          close={close}
        />
      )}
      {dialog === 'narrow' && standing && (
        <NarrowDialog apiKey={apiKey} standing={standing} close={close} />
      )}
      {dialog === 'revoke' && <RevokeDialog apiKey={apiKey} close={close} />}
    </>
  );
}

/** What is known of the key, and what people say of it. */
function Details({ apiKey, standing }: TopProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const mayChange = standing?.permissions.includes('keys:write') && apiKey.state === 'active';
  return (
    <>
      <Facts
        title="Details"
        facts={factsOf(apiKey)}
        action={
          mayChange && (
            <Button variant="default" size="xs" onClick={open}>
              Edit description and tags
            </Button>
          )
        }
      />
      {isOpen && <LabelsDialog apiKey={apiKey} close={close} />}
    </>
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
        Restrict
      </Button>
      <Button
        variant="default"
        className="danger-button"
        onClick={() => {
          open('revoke');
        }}
      >
        Revoke
      </Button>
    </Group>
  );
}

/** A key with a list does not get what its owner is granted later. */
function listed({ permissions, management }: Key): string {
  if (permissions !== null) return `${permissions.join(', ')} (a fixed list)`;
  return `All that its owner has within the scope${management ? '' : ', on data'}`;
}

function factsOf(key: Key): [string, ReactNode][] {
  return [
    ['Key', <span className="masked">{key.masked}</span>],
    ...known('Description', key.description && <span className="prose">{key.description}</span>),
    ...known('Tags', key.tags.length === 0 ? null : <Tags tags={key.tags} />),
    ['Scope', <ScopeName scope={key.scope} />],
    ['Manages the organisation', key.management ? 'As far as its owner does' : 'No: data only'],
    ['Restricted to', listed(key)],
    ['Allowed IPs', key.allowedIps?.join(', ') ?? 'Any'],
    ['Owner', key.ownerName ?? 'No longer a member'],
    ['Created', <When at={key.createdAt} as="both" />],
    ['Expires', <Expiry apiKey={key} />],
    ['Last used', key.lastUsedAt === null ? 'Never' : <When at={key.lastUsedAt} />],
    ...known('Last used from', key.lastUsedIp),
    ...known('Last used by', key.lastUsedUserAgent),
    ['Total requests', key.uses.toLocaleString()],
    ...known('Revoked', key.revokedAt && <When at={key.revokedAt} as="both" />),
    ...known('Reason', key.revokeReason),
  ];
}

/** A fact that not every key has. */
const known = (name: string, value: ReactNode): [string, ReactNode][] =>
  value === null ? [] : [[name, value]];
