import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../../api/client';
import { renameKey } from '../../api/keys';
import { Failure } from '../../components/failure';

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
    <Modal
      opened
      onClose={close}
      title="Rename the key"
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <Stack>
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
          {rename.error && <Failure error={rename.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
