import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asSaid, faultsOf } from '../lib/faults';
import { toast } from '../lib/toasts';
import { FormDialog } from './dialog';
import { NameField, nameFault } from './name-field';

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
      toast(`Renamed to “${name.trim()}”`);
      close();
    },
  });
  const faults = faultsOf(task.error, { name: asSaid });
  return (
    <FormDialog
      title={`Rename the ${what}`}
      submit="Rename"
      disabled={nameFault(name) !== undefined}
      close={close}
      task={task}
      failure={faults.rest}
    >
      <NameField name={name} change={setName} error={faults.of.name} />
    </FormDialog>
  );
}
