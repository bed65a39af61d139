import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Key, Standing } from '../../api/client';
import { keysQuery, type KeySearch } from '../../api/keys';
import { Heading } from '../../components/heading';
import { Listing } from '../../components/listing';
import { OrgPage } from '../../components/org-page';
import { CheckKey } from './check-key';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyFilters } from './key-filters';
import { KeyTable, NoKeys } from './key-table';
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
  const search = useSearch({ from: '/signed-in/$orgId/configuration/api-keys' });
  const navigate = useNavigate({ from: '/$orgId/configuration/api-keys' });
  const [revoking, setRevoking] = useState<Key>();
  const keys = useQuery(keysQuery(standing.id, search));
  const change = (next: KeySearch) => void navigate({ search: next });

  return (
    <Stack gap="lg">
      <Creation standing={standing} />
      <Listing
        label="Keys"
        query={keys}
        search={search}
        change={change}
        toolbar={<KeyFilters search={search} change={change} />}
        empty={<NoKeys search={search} change={change} />}
      >
        {(items) => <KeyTable keys={items} standing={standing} revoke={setRevoking} />}
      </Listing>
      <CheckKey />
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

/** The top of the page, from which keys are made. */
function Creation({ standing }: { standing: Standing }) {
  const [isCreating, creation] = useDisclosure();
  const [created, setCreated] = useState<Created>();
  const { name, role, permissions, managers } = standing;
  const mayCreate = permissions.includes('keys:admin');
  const whose = role === 'manager' ? `All keys of ${name}.` : `Your keys in ${name}.`;
  return (
    <>
      <Heading
        title="API Keys"
        text={`${whose} Each acts as its owner, with no more than it was given.`}
      >
        {mayCreate && <Button onClick={creation.open}>Create API key</Button>}
      </Heading>
      {!mayCreate && <Text c="dimmed">New keys are made by managers: {managers.join(', ')}.</Text>}
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
    </>
  );
}
