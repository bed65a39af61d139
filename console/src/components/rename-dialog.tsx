import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from './dialog';
import { NameField } from './name-field';

interface Props {
  what: 'key' | 'organisation';
  name: string;
  rename: (name: string) => Promise<unknown>;
  close: () => void;
}

export function RenameDialog({ what, name: last, rename, close }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState(last);
  const task = useMutation({
    mutationFn: () => rename(name),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <FormDialog title={`Rename the ${what}`} submit="Rename" close={close} task={task}>
      <NameField name={name} change={setName} />
    </FormDialog>
  );
}
