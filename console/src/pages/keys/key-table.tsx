import { Badge, Button, Table, Text, VisuallyHidden } from '@mantine/core';
import type { Key, Standing } from '../../api/client';
import type { KeySearch } from '../../api/keys';
import { AnchorLink } from '../../components/anchor-link';
import { Nothing } from '../../components/nothing';
import { Rows } from '../../components/rows';
import { When } from '../../components/when';
import { urgency } from '../../lib/time';
import { useNow } from '../../lib/use-now';
import { scopes, states } from '../../lib/words';

interface Props {
  keys: Key[];
  standing: Standing;
  revoke: (key: Key) => void;
}

export function KeyTable({ keys, standing, revoke }: Props) {
  const isManager = standing.role === 'manager';
  const mayRevoke = standing.permissions.includes('keys:write');
  const titles = ['Name', 'Key', 'Permissions', ...(isManager ? ['Owner'] : [])];
  return (
    <Rows
      titles={[
        ...titles,
        'Created',
        'Expires',
        'Last used',
        <VisuallyHidden>Actions</VisuallyHidden>,
      ]}
    >
      {keys.map((key) => (
        <Row
          key={key.id}
          apiKey={key}
          isManager={isManager}
          revoke={mayRevoke ? revoke : undefined}
        />
      ))}
    </Rows>
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
        <AnchorLink
          fw={550}
          to="/$orgId/configuration/api-keys/$keyId"
          params={{ orgId, keyId: id }}
        >
          {name}
        </AnchorLink>
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

interface NoKeysProps {
  search: KeySearch;
  change: (next: KeySearch) => void;
}

export function NoKeys({ search, change }: NoKeysProps) {
  const isNarrowed = Object.keys(search).some((name) => name !== 'sort' && name !== 'order');
  return isNarrowed ? (
    <Nothing title="No key is like that">
      <Button
        variant="light"
        onClick={() => {
          change({});
        }}
      >
        Show all keys
      </Button>
    </Nothing>
  ) : (
    <Nothing title="No API keys yet">
      A key lets a program act for you: one for each program, with the least that it needs.
    </Nothing>
  );
}
