import { Anchor, Badge, Button, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Key, Standing } from '../../api/client';
import type { KeySearch } from '../../api/keys';
import { When } from '../../components/when';
import { urgency } from '../../lib/time';
import { useNow } from '../../lib/use-now';
import { scopes, states } from '../../lib/words';

interface Props {
  keys: Key[];
  standing: Standing;
  search: KeySearch;
  change: (next: KeySearch) => void;
  revoke: (key: Key) => void;
}

export function KeyTable({ keys, standing, search, change, revoke }: Props) {
  if (keys.length === 0) return <NoKeys search={search} change={change} />;
  const isManager = standing.role === 'manager';
  const mayRevoke = standing.permissions.includes('keys:write');
  const titles = ['Name', 'Key', 'Permissions', ...(isManager ? ['Owner'] : [])];
  return (
    <Table className="rows" verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {[...titles, 'Created', 'Expires', 'Last used'].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => (
          <Row
            key={key.id}
            apiKey={key}
            isManager={isManager}
            revoke={mayRevoke ? revoke : undefined}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RowProps {
  apiKey: Key;
  isManager: boolean;
  revoke: ((key: Key) => void) | undefined;
}

function Row({ apiKey, isManager, revoke }: RowProps) {
  const { id, orgId, name, masked, scope, state, ownerName, createdAt, lastUsedAt } = apiKey;
  return (
    <Table.Tr>
      <Table.Td className="name" data-label="Name">
        <Anchor
          fw={550}
          renderRoot={(props) => (
            <Link
              to="/$orgId/configuration/api-keys/$keyId"
              params={{ orgId, keyId: id }}
              {...props}
            />
          )}
        >
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td className="masked" data-label="Key">
        {masked}
      </Table.Td>
      <Table.Td data-label="Permissions">{scopes[scope].name}</Table.Td>
      {isManager && <Table.Td data-label="Owner">{ownerName ?? 'No member any more'}</Table.Td>}
      <Table.Td data-label="Created">
        <When at={createdAt} as="date" />
      </Table.Td>
      <Table.Td data-label="Expires">
        <Expiry apiKey={apiKey} />
      </Table.Td>
      <Table.Td data-label="Last used">
        {lastUsedAt === null ? (
          <Text c="dimmed" size="sm">
            Never
          </Text>
        ) : (
          <When at={lastUsedAt} />
        )}
      </Table.Td>
      <Table.Td data-label="">
        {state === 'active' && revoke !== undefined && (
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={`Revoke ${name}`}
            onClick={() => {
              revoke(apiKey);
            }}
          >
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** When a key ends, or that it has. */
export function Expiry({ apiKey: { state, expiresAt } }: { apiKey: Key }) {
  const now = useNow();
  const { name, colour } = states[state];
  if (state !== 'active') {
    return (
      <Badge color={colour} variant="light">
        {name}
      </Badge>
    );
  }
  if (expiresAt === null) return <Text size="sm">Never</Text>;
  const colours = { over: 'urgent', soon: 'urgent', near: 'near', far: '' };
  return (
    <span className={colours[urgency(new Date(expiresAt), now)]}>
      <When at={expiresAt} />
    </span>
  );
}

function NoKeys({ search, change }: Pick<Props, 'search' | 'change'>) {
  const isNarrowed = Object.keys(search).some((name) => name !== 'sort' && name !== 'order');
  return (
    <Stack align="center" py={48} px="md" gap="xs">
      <Text fw={600}>{isNarrowed ? 'No key is like that' : 'No API keys yet'}</Text>
      {isNarrowed ? (
        <Button
          variant="light"
          onClick={() => {
            change({});
          }}
        >
          Show all keys
        </Button>
      ) : (
        <Text c="dimmed" ta="center">
          A key lets a program act for you: one for each program, with the least that it needs.
        </Text>
      )}
    </Stack>
  );
}
