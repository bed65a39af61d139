import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Key, Standing } from '../../api/client';
import { keysQuery, keyTotalQuery, type KeySearch } from '../../api/keys';
import { countsQuery } from '../../api/overview';
import { Heading } from '../../components/heading';
import { Icon } from '../../components/icon';
import { Listing } from '../../components/listing';
import { OrgPage } from '../../components/org-page';
import { CheckKeyDialog } from './check-key-dialog';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyFilters } from './key-filters';
import { KeyListBar } from './key-list-bar';
import { isFirstSight, KeyTable, NoKeys } from './key-table';
import { RevokeDialog } from './revoke-dialog';
import { RevokeManyDialog } from './revoke-many-dialog';
import { SecretDialog, type Created } from './secret-dialog';
import { useSelection, type Selection } from './use-selection';

export function KeysPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/api-keys' });
  return (
    <OrgPage orgId={orgId} title="API Keys" permission="keys:read" what="its API keys">
      {(standing) => <Keys standing={standing} />}
    </OrgPage>
  );
}

function Keys({ standing }: { standing: Standing }) {
  const { create: isCreating = false, ...search } = useSearch({
    from: '/signed-in/$orgId/configuration/api-keys',
  });
  const navigate = useNavigate({ from: '/$orgId/configuration/api-keys' });
  const [revoking, setRevoking] = useState<Key | 'selection'>();
  const keys = useQuery(keysQuery(standing.id, search));
  const total = useQuery(keyTotalQuery(standing.id, search));
  const change = (next: KeySearch) => void navigate({ search: next });
  const creation = {
    open: () => void navigate({ search: { ...search, create: true }, replace: true }),
    close: () => void navigate({ search, replace: true }),
  };
  const mayCreate = standing.permissions.includes('keys:admin');
  const mayRevoke = standing.permissions.includes('keys:write');
  const create = mayCreate && (
    <Button leftSection={<Icon of={IconPlus} size={16} />} onClick={creation.open}>
      Create API key
    </Button>
  );
  const isEmpty = useIsEmpty(standing.id, search, keys.data?.items);
  const selection = useSelection(JSON.stringify({ ...search, cursor: undefined }));
  const closeRevocation = () => {
    setRevoking(undefined);
  };

  return (
    <Stack gap="lg">
      <Top standing={standing}>{!isEmpty && create}</Top>
      <Listing
        label="Keys"
        query={keys}
        search={search}
        change={change}
        toolbar={
          !isEmpty && (
            // What was typed belongs to the list that it was typed for.
            <KeyFilters
              key={search.createdBy}
              orgId={standing.id}
              search={search}
              change={change}
              hasOwners={standing.permissions.includes('members:read')}
            />
          )
        }
        empty={<NoKeys isEmpty={isEmpty} search={search} change={change} create={create} />}
      >
        {(items) => (
          <>
            <KeyListBar
              orgId={standing.id}
              search={search}
              total={total.data}
              possible={mayRevoke ? items.filter(({ state }) => state === 'active') : []}
              selection={selection}
              revoke={() => {
                setRevoking('selection');
              }}
            />
            <KeyTable keys={items} standing={standing} revoke={setRevoking} selection={selection} />
          </>
        )}
      </Listing>
      {mayCreate && <Creation standing={standing} isOpen={isCreating} close={creation.close} />}
      {revoking === 'selection' && (
        <RevokeSelection orgId={standing.id} selection={selection} close={closeRevocation} />
      )}
      {typeof revoking === 'object' && <RevokeDialog apiKey={revoking} close={closeRevocation} />}
    </Stack>
  );
}

/** Whether there is no key at all, which an empty list of active ones does not say. */
function useIsEmpty(orgId: string, search: KeySearch, listed: Key[] | undefined): boolean {
  const isInQuestion = listed?.length === 0 && isFirstSight(search);
  const { data } = useQuery({ ...countsQuery(orgId), enabled: isInQuestion });
  return isInQuestion && data !== undefined && data.expired + data.revoked === 0;
}

interface SelectionProps {
  orgId: string;
  selection: Selection;
  close: () => void;
}

/** The dialog is about what was chosen when it opened. */
function RevokeSelection({ orgId, selection, close }: SelectionProps) {
  const [keys] = useState(selection.keys);
  return <RevokeManyDialog orgId={orgId} keys={keys} close={close} done={selection.clear} />;
}

function Top({ standing, children }: { standing: Standing; children: React.ReactNode }) {
  const [isChecking, check] = useDisclosure();
  const { name, role, permissions, managers } = standing;
  const whose = role === 'manager' ? `All keys of ${name}.` : `Your keys in ${name}.`;
  return (
    <>
      <Heading title="API Keys" text={`${whose} Keys act on behalf of their owner.`}>
        <Group gap="xs">
          <Button variant="default" onClick={check.open}>
            Check a key
          </Button>
          {children}
        </Group>
      </Heading>
      {!permissions.includes('keys:admin') && (
        <Text c="dimmed">Only managers create keys. Ask one: {managers.join(', ')}.</Text>
      )}
      {isChecking && <CheckKeyDialog close={check.close} />}
    </>
  );
}

interface CreationProps {
  standing: Standing;
  isOpen: boolean;
  close: () => void;
}

/** The dialog that creates a key, and then the one that shows its secret. */
function Creation({ standing, isOpen, close }: CreationProps) {
  const [created, setCreated] = useState<Created>();
  return (
    <>
      {isOpen && created === undefined && (
        <CreateKeyDialog standing={standing} close={close} created={setCreated} />
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
