import { Button, Checkbox, Group, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import type { Key, Standing } from '../../api/client';
import type { KeySearch } from '../../api/keys';
import { Badge } from '../../components/badge';
import { AnchorLink } from '../../components/anchor-link';
import { Nothing } from '../../components/nothing';
import { RowAction, Rows } from '../../components/rows';
import { ScopeName } from '../../components/scope-name';
import { When } from '../../components/when';
import { states } from '../../lib/words';
import { Expiry } from './expiry';
import type { Selection } from './use-selection';

interface Props {
  keys: Key[];
  standing: Standing;
  revoke: (key: Key) => void;
  selection: Selection;
}

export function KeyTable({ keys, standing, revoke, selection }: Props) {
  const isManager = standing.role === 'manager';
  const mayRevoke = standing.permissions.includes('keys:write');
  const owner = isManager ? ['Owner'] : [];
  return (
    <Rows
      label="API keys"
      titles={['Name', 'Scope', ...owner, 'Created', 'Expires', 'Last used']}
      hasActions
    >
      {keys.map((key) => (
        <Row
          key={key.id}
          apiKey={key}
          isManager={isManager}
          revoke={mayRevoke ? revoke : undefined}
          selection={selection}
        />
      ))}
    </Rows>
  );
}

interface RowProps {
  apiKey: Key;
  isManager: boolean;
  revoke: ((key: Key) => void) | undefined;
  selection: Selection;
}

function Row({ apiKey, isManager, revoke, selection }: RowProps) {
  const { name, scope, state, ownerName, createdAt, lastUsedAt } = apiKey;
  const mayRevoke = state === 'active' && revoke !== undefined;
  return (
    <tr>
      <td className="name" data-label="Name">
        <Group gap="sm" wrap="nowrap">
          {mayRevoke && (
            <Checkbox
              aria-label={`Select ${name}`}
              checked={selection.has(apiKey)}
              onChange={({ currentTarget }) => {
                selection.set([apiKey], currentTarget.checked);
              }}
            />
          )}
          <Naming apiKey={apiKey} />
        </Group>
      </td>
      <td data-label="Scope">
        <ScopeName scope={scope} />
      </td>
      {isManager && (
        <td className="name" data-label="Owner">
          {ownerName ?? 'No longer a member'}
        </td>
      )}
      <td data-label="Created">
        <When at={createdAt} as="date" />
      </td>
      <td data-label="Expires">
        <Expiry apiKey={apiKey} />
      </td>
      <td data-label="Last used">
        {lastUsedAt === null ? <Text c="dimmed">Never</Text> : <When at={lastUsedAt} />}
      </td>
      <td data-label="">
        {mayRevoke && (
          <div className="row-actions">
            <RowAction
              name="Revoke"
              label={`Revoke ${name}`}
              isDangerous
              onClick={() => {
                revoke(apiKey);
              }}
            />
          </div>
        )}
      </td>
    </tr>
  );
}

/** What a key is called, and what it shows of its secret. */
function Naming({ apiKey: { id, orgId, name, masked, state, tags } }: { apiKey: Key }) {
  return (
    <div>
      <Group gap="xs">
        <AnchorLink
          className="row-link"
          to="/$orgId/configuration/api-keys/$keyId"
          params={{ orgId, keyId: id }}
        >
          {name}
        </AnchorLink>
        {state !== 'active' && <KeyState state={state} />}
        <Tags tags={tags} />
      </Group>
      <Text className="masked minor">{masked}</Text>
    </div>
  );
}

export const Tags = ({ tags }: Pick<Key, 'tags'>) => (
  <>
    {tags.map((tag) => (
      <Fragment key={tag}>
        <Badge colour="gray">{tag}</Badge>{' '}
      </Fragment>
    ))}
  </>
);

export function KeyState({ state }: Pick<Key, 'state'>) {
  const { name, colour } = states[state];
  return <Badge colour={colour}>{name}</Badge>;
}

/** Whether nothing was searched for, and no filter chosen. */
export const isFirstSight = (search: KeySearch): boolean =>
  Object.keys(search).every((name) => name === 'sort' || name === 'order');

interface NoKeysProps {
  /** Whether there are no keys at all. */
  isEmpty: boolean;
  search: KeySearch;
  change: (next: KeySearch) => void;
  /** The button that creates the first one. */
  create: ReactNode;
}

export function NoKeys({ isEmpty, search, change, create }: NoKeysProps) {
  if (isEmpty) {
    return (
      <Nothing
        title="No API keys yet"
        text="A key lets a program use your data. Create one for each program, with only what it needs."
      >
        {create}
      </Nothing>
    );
  }
  return (
    <Nothing title={isFirstSight(search) ? 'No active keys' : 'No keys match'}>
      <Button
        variant="default"
        onClick={() => {
          change({ state: 'all' });
        }}
      >
        Show all keys
      </Button>
    </Nothing>
  );
}
