import { Button, Group, Stack, Text } from '@mantine/core';
import type { Key } from '../../api/client';
import type { CreatedKeys } from '../../api/keys';
import { AnchorLink } from '../../components/anchor-link';
import { Dialog } from '../../components/dialog';
import { shownCount } from '../../lib/words';

/** More than these are counted, and stand in the list of keys. */
const shown = 10;

interface Props {
  /** The one that was revoked. */
  apiKey: Key;
  created: CreatedKeys;
  close: () => void;
}

/** What a key that was revoked leaves behind: keys that it had created, and that go on working. */
export function CreatedKeysDialog({ apiKey: { id, orgId, name }, created, close }: Props) {
  const { total, items } = created;
  return (
    <Dialog title={`“${name}” is revoked`} close={close}>
      <Stack>
        <Text>
          {total === 1
            ? 'One key that it created still works. Check whether to revoke it as well:'
            : `${shownCount(total)} keys that it created still work. Check whether to revoke them as well:`}
        </Text>
        <ul className="name">
          {items.slice(0, shown).map((key) => (
            <li key={key.id}>
              <AnchorLink
                to="/$orgId/configuration/api-keys/$keyId"
                params={{ orgId: key.orgId, keyId: key.id }}
                onClick={close}
              >
                {key.name}
              </AnchorLink>{' '}
              <span className="masked">{key.masked}</span>
              {key.orgId !== orgId && ' in another organisation'}
            </li>
          ))}
        </ul>
        {total > shown && (
          <AnchorLink
            to="/$orgId/configuration/api-keys"
            params={{ orgId }}
            search={{ createdBy: id }}
            onClick={close}
          >
            Show all in this organisation
          </AnchorLink>
        )}
        <Group justify="flex-end">
          <Button data-autofocus onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
