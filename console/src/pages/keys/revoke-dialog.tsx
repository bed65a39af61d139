import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../../api/client';
import { revokeKey } from '../../api/keys';
import { FormDialog } from '../../components/dialog';
import { ReasonField } from '../../components/reason-field';
import { When } from '../../components/when';
import { toast } from '../../lib/toasts';
import { isInUse } from '../../lib/time';
import { useNow } from '../../lib/use-now';
import { CreatedKeysDialog } from './created-keys-dialog';

interface Props {
  apiKey: Key;
  close: () => void;
}

/** Revokes a key. For a key in use, the person has to type its name. */
export function RevokeDialog({ apiKey: key, close }: Props) {
  const client = useQueryClient();
  const now = useNow();
  const [reason, setReason] = useState('');
  const [name, setName] = useState('');
  const revoke = useMutation({
    mutationFn: () => revokeKey(key.orgId, key.id, reason.trim()),
    onSuccess: async ({ createdKeys }) => {
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      toast(`“${key.name}” is revoked`);
      if (createdKeys.total === 0) close();
    },
  });
  const created = revoke.data?.createdKeys;
  if (created !== undefined && created.total > 0) {
    return <CreatedKeysDialog apiKey={key} created={created} close={close} />;
  }
  const inUse = key.lastUsedAt !== null && isInUse(new Date(key.lastUsedAt), now);
  return (
    <FormDialog
      title={`Revoke “${key.name}”?`}
      submit="Revoke"
      isDangerous
      disabled={inUse && name.trim() !== key.name}
      close={close}
      task={revoke}
    >
      <Text>
        Every request with this key is refused from then on. This cannot be undone. Programs that
        use it need a new key.
      </Text>
      <LastUse apiKey={key} />
      {inUse && (
        <TextInput
          label="It was used within the last 24 hours. Type its name to confirm"
          description={key.name}
          autoComplete="off"
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
          }}
        />
      )}
      <ReasonField value={reason} change={setReason} />
    </FormDialog>
  );
}

function LastUse({ apiKey: { lastUsedAt, lastUsedIp, lastUsedUserAgent } }: { apiKey: Key }) {
  if (lastUsedAt === null) return <Text c="dimmed">It was never used.</Text>;
  return (
    <Text c="dimmed" className="name">
      Last used <When at={lastUsedAt} />
      {lastUsedIp !== null && ` from ${lastUsedIp}`}
      {lastUsedUserAgent !== null && ` by ${lastUsedUserAgent}`}.
    </Text>
  );
}
