import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Key, Standing } from '../../api/client';
import { keysQuery, type KeySearch } from '../../api/keys';
import { Failure } from '../../components/failure';
import { OrgPage } from '../../components/org-page';
import { Pages } from '../../components/pages';
import { CheckKey } from './check-key';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyFilters } from './key-filters';
import { KeyTable } from './key-table';
import { RevokeDialog } from './revoke-dialog';
import { SecretDialog, type Created } from './secret-dialog';

export function KeysPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/api-keys' });
  return (
    <OrgPage orgId={orgId} title="API Keys" permission="keys:read" what="its API keys">
      {(standing) => <Keys standing={standing} />}
    </OrgPage>
  );
}

function Keys({ standing }: { standing: Standing }) {
  const orgId = standing.id;
  const search = useSearch({ from: '/signed-in/$orgId/configuration/api-keys' });
  const navigate = useNavigate({ from: '/$orgId/configuration/api-keys' });
  const [isCreating, creation] = useDisclosure();
  const [created, setCreated] = useState<Created>();
  const [revoking, setRevoking] = useState<Key>();
  const keys = useQuery(keysQuery(orgId, search));
  const change = (next: KeySearch) => void navigate({ search: next });
  const mayCreate = standing.permissions.includes('keys:admin');

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            API Keys
          </Title>
          <Text c="dimmed">
            {standing.role === 'manager'
              ? `All keys of ${standing.name}.`
              : `Your keys in ${standing.name}.`}{' '}
            Each acts as its owner, with no more than it was given.
          </Text>
        </div>
        {mayCreate && <Button onClick={creation.open}>Create API key</Button>}
      </Group>
      {!mayCreate && (
        <Text c="dimmed">New keys are made by managers: {standing.managers.join(', ')}.</Text>
      )}
      <section className="card" aria-label="Keys" aria-busy={keys.isFetching}>
        <KeyFilters search={search} change={change} />
        {keys.isPending && <Skeleton height={240} m="md" aria-label="The keys are loading" />}
        {keys.error && !keys.data && (
          <Failure error={keys.error} retry={() => void keys.refetch()} />
        )}
        {keys.data && (
          <KeyTable
            keys={keys.data.items}
            standing={standing}
            search={search}
            change={change}
            revoke={setRevoking}
          />
        )}
        <Pages search={search} next={keys.data?.nextCursor ?? undefined} change={change} />
      </section>
      <CheckKey />
      {isCreating && (
        <CreateKeyDialog standing={standing} close={creation.close} created={setCreated} />
      )}
      {created && (
        <SecretDialog
          created={created}
          close={() => {
            setCreated(undefined);
          }}
        />
      )}
      {revoking && (
        <RevokeDialog
          apiKey={revoking}
          close={() => {
            setRevoking(undefined);
          }}
        />
      )}
    </Stack>
  );
}
