import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setGrants, type Org } from '../../api/orgs';
import { FormDialog } from '../../components/dialog';
import { toast } from '../../lib/toasts';
import { wordsIn } from '../../lib/words';
import { grantFaults, GrantsField } from './grants-field';

export function GrantsDialog({ org, close }: { org: Org; close: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState(org.grants.join('\n'));
  const save = useMutation({
    mutationFn: () => setGrants(org.id, wordsIn(text)),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast(`The data permissions of ${org.name} are saved`);
      close();
    },
  });
  const faults = grantFaults(save.error, text);
  return (
    <FormDialog
      title={`Data permissions of ${org.name}`}
      submit="Save"
      close={close}
      task={save}
      failure={faults.rest}
    >
      <Text c="dimmed">Keys lose removed permissions at once.</Text>
      <GrantsField text={text} change={setText} error={faults.of.grants} />
    </FormDialog>
  );
}
