import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../../api/client';
import { revokeKeys } from '../../api/keys';
import { Dialog, FormDialog } from '../../components/dialog';
import { ReasonField } from '../../components/reason-field';
import { isInUse } from '../../lib/time';
import { useNow } from '../../lib/use-now';
import { shownCount } from '../../lib/words';

interface Props {
  orgId: string;
  keys: Key[];
  close: () => void;
  /** Some of them are revoked, and no longer to choose. */
  done: () => void;
}

const counted = (count: number) => (count === 1 ? '1 key' : `${count.toLocaleString()} keys`);

/** Revokes some keys in one call. If some are in use, the person has to type how many keys it is about. */
export function RevokeManyDialog({ orgId, keys, close, done }: Props) {
  const client = useQueryClient();
  const now = useNow();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const ids = keys.map(({ id }) => id);
  const revoke = useMutation({
    mutationFn: () => revokeKeys(orgId, ids, reason.trim()),
    onSuccess: done,
    // A call that fails may have revoked some of them.
    onSettled: () =>
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
  if (revoke.data !== undefined) return <Result keys={keys} result={revoke.data} close={close} />;
  const inUse = keys.filter(
    ({ lastUsedAt }) => lastUsedAt !== null && isInUse(new Date(lastUsedAt), now),
  ).length;
  return (
    <FormDialog
      title={`Revoke ${counted(keys.length)}?`}
      submit={`Revoke ${counted(keys.length)}`}
      isDangerous
      disabled={inUse > 0 && typed.trim() !== String(keys.length)}
      close={close}
      task={revoke}
    >
      <Text>
        Every request with them is refused from then on. This cannot be undone. Programs that use
        them need new keys.
      </Text>
      <Names keys={keys} />
      {inUse > 0 && (
        <TextInput
          label={`${counted(inUse)} of them ${inUse === 1 ? 'was' : 'were'} used within the last 24 hours. Type ${keys.length} to confirm`}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
          }}
        />
      )}
      <ReasonField value={reason} change={setReason} />
    </FormDialog>
  );
}

/** More are counted. */
const named = 10;

function Names({ keys }: { keys: Key[] }) {
  return (
    <ul className="name">
      {keys.slice(0, named).map((key) => (
        <li key={key.id}>
          {key.name} <span className="masked">{key.masked}</span>
        </li>
      ))}
      {keys.length > named && <li>and {keys.length - named} more</li>}
    </ul>
  );
}

interface ResultProps {
  keys: Key[];
  result: Awaited<ReturnType<typeof revokeKeys>>;
  close: () => void;
}

/** What came of each key. */
function Result({ keys, result: { results, createdKeys }, close }: ResultProps) {
  const of = (wanted: (typeof results)[number]['result']) => {
    const ids = new Set(
      results.filter(({ result }) => result === wanted).map((each) => each.keyId),
    );
    return keys.filter(({ id }) => ids.has(id));
  };
  const [revoked, earlier, missing] = [of('revoked'), of('already_revoked'), of('not_found')];
  const are = revoked.length === 1 ? 'is' : 'are';
  return (
    <Dialog title={`${counted(revoked.length)} ${are} revoked`} close={close}>
      <Stack>
        {earlier.length > 0 && (
          <>
            <Text>Revoked by somebody else before:</Text>
            <Names keys={earlier} />
          </>
        )}
        {missing.length > 0 && (
          <>
            <Text>Not revoked, since you may no longer see them:</Text>
            <Names keys={missing} />
          </>
        )}
        {createdKeys > 0 && (
          <Text>
            Keys that they had created still work: {shownCount(createdKeys)}. Check whether to
            revoke them as well.
          </Text>
        )}
        {revoked.length > 0 && <Text>No request with them is accepted any more.</Text>}
        <Group justify="flex-end">
          <Button data-autofocus onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
