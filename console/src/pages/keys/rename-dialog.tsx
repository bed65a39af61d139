import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../../api/client';
import { renameKey } from '../../api/keys';
import { FormDialog } from '../../components/dialog';

export function RenameDialog({ apiKey: key, close }: { apiKey: Key; close: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(key.name);
  const rename = useMutation({
    mutationFn: () => renameKey(key.orgId, key.id, name),
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      close();
    },
  });
  return (
    <FormDialog title="Rename the key" submit="Rename" close={close} task={rename}>
      <TextInput
        label="Name"
        required
        maxLength={100}
        data-autofocus
        value={name}
        onChange={({ currentTarget }) => {
          setName(currentTarget.value);
        }}
      />
    </FormDialog>
  );
}
