import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../../api/client';
import { revokeKey } from '../../api/keys';
import { FormDialog } from '../../components/dialog';
import { When } from '../../components/when';
import { isInUse } from '../../lib/time';
import { useNow } from '../../lib/use-now';

interface Props {
  apiKey: Key;
  close: () => void;
}

/** Revokes a key for good. A key that is in use wants its name typed. */
export function RevokeDialog({ apiKey: key, close }: Props) {
  const client = useQueryClient();
  const now = useNow();
  const [reason, setReason] = useState('');
  const [name, setName] = useState('');
  const revoke = useMutation({
    mutationFn: () => revokeKey(key.orgId, key.id, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      close();
    },
  });
  const inUse = key.lastUsedAt !== null && isInUse(new Date(key.lastUsedAt), now);
  return (
    <FormDialog
      title={`Revoke “${key.name}”?`}
      submit="Revoke"
      cancel="Keep it"
      isDangerous
      disabled={inUse && name.trim() !== key.name}
      close={close}
      task={revoke}
    >
      <Text>
        Every request with it is refused from that moment on. This cannot be undone: whatever uses
        the key needs a new one.
      </Text>
      <LastUse apiKey={key} />
      {inUse && (
        <TextInput
          label="It was used within the last 24 hours. Type its name to go on"
          description={key.name}
          autoComplete="off"
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
          }}
        />
      )}
      <TextInput
        label="Reason (optional)"
        description="For the audit log."
        maxLength={200}
        value={reason}
        onChange={({ currentTarget }) => {
          setReason(currentTarget.value);
        }}
      />
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
