import { Anchor, Button, Checkbox, Group, Text } from '@mantine/core';
import type { Key } from '../../api/client';
import { csvPath, mostRevoked, type KeySearch } from '../../api/keys';
import { shownCount } from '../../lib/words';
import type { Selection } from './use-selection';

interface Props {
  orgId: string;
  search: KeySearch;
  /** How many keys match. */
  total: number | undefined;
  /** Those of this page that can be revoked. */
  possible: Key[];
  selection: Selection;
  revoke: () => void;
}

/** How many keys there are, and what can be done with some or all of them. */
export function KeyListBar({ orgId, search, total, possible, selection, revoke }: Props) {
  const chosen = selection.keys.length;
  const here = possible.filter(selection.has).length;
  return (
    <div className="toolbar list-bar">
      <Group gap="md">
        {possible.length > 0 && (
          <Checkbox
            label="Select this page"
            checked={here === possible.length}
            indeterminate={here > 0 && here < possible.length}
            onChange={({ currentTarget }) => {
              selection.set(possible, currentTarget.checked);
            }}
          />
        )}
        {total !== undefined && (
          <Text c="dimmed" role="status">
            {total === 1 ? '1 key' : `${shownCount(total)} keys`}
          </Text>
        )}
      </Group>
      <Group gap="md">
        {chosen > mostRevoked && <Text className="urgent">At most {mostRevoked} at once</Text>}
        {chosen > 0 && (
          <>
            <Button variant="default" size="xs" onClick={selection.clear}>
              Clear selection
            </Button>
            <Button color="red" size="xs" disabled={chosen > mostRevoked} onClick={revoke}>
              Revoke {chosen === 1 ? '1 key' : `${chosen} keys`}…
            </Button>
          </>
        )}
        <Anchor href={csvPath(orgId, search)} download="keys.csv">
          Export CSV
        </Anchor>
      </Group>
    </div>
  );
}
