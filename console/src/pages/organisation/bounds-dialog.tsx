import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Policy } from '../../api/client';
import { setBounds } from '../../api/orgs';
import { toast } from '../../lib/toasts';
import { FormDialog } from '../../components/dialog';

interface Props {
  orgId: string;
  bounds: Policy['bounds'];
  close: () => void;
}

export const boundNames = {
  maxKeysPerMember: 'Live keys per member',
  maxKeysPerOrg: 'Live keys in all',
} as const;

/** Changes how many live keys there may be, for operators. */
export function BoundsDialog({ orgId, bounds, close }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(bounds);
  const save = useMutation({
    mutationFn: () => setBounds(orgId, draft),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast('The key limits are saved');
      close();
    },
  });
  return (
    <FormDialog title="Key limits" submit="Save" close={close} task={save}>
      <Text c="dimmed">Existing keys stay. Revoked and expired keys do not count.</Text>
      {(['maxKeysPerMember', 'maxKeysPerOrg'] as const).map((field) => (
        <TextInput
          key={field}
          label={boundNames[field]}
          type="number"
          required
          min={1}
          max={100_000}
          value={Number.isNaN(draft[field]) ? '' : draft[field]}
          onChange={({ currentTarget: { valueAsNumber } }) => {
            setDraft((last) => ({ ...last, [field]: valueAsNumber }));
          }}
        />
      ))}
    </FormDialog>
  );
}
