import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setGrants, type Org } from '../../api/orgs';
import { FormDialog } from '../../components/dialog';
import { wordsIn } from '../../lib/words';
import { GrantsField } from './grants-field';

export function GrantsDialog({ org, close }: { org: Org; close: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState(org.grants.join('\n'));
  const save = useMutation({
    mutationFn: () => setGrants(org.id, wordsIn(text)),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <FormDialog title={`Permissions of ${org.name}`} submit="Save" close={close} task={save}>
      <Text c="dimmed">Keys lose at once what is taken away here.</Text>
      <GrantsField text={text} change={setText} />
    </FormDialog>
  );
}
