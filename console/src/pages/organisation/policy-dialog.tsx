import { Radio, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Policy } from '../../api/client';
import { changePolicy } from '../../api/orgs';
import { FormDialog } from '../../components/dialog';

interface Props {
  orgId: string;
  policy: Policy;
  close: () => void;
}

const lifetimes = {
  defaultExpiryDays: 'Lifetime unless another is chosen, in days',
  maxLifetimeDays: 'Longest lifetime, in days',
} as const;

/** Changes the rules for new keys. */
export function PolicyDialog({ orgId, policy, close }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(policy);
  const save = useMutation({
    mutationFn: () => changePolicy(orgId, draft),
    onSuccess: async () => {
      // It says what oneself may do, too.
      await client.invalidateQueries();
      close();
    },
  });
  const update = (part: Partial<Policy>) => {
    setDraft((last) => ({ ...last, ...part }));
  };
  return (
    <FormDialog title="Rules for new keys" submit="Save" close={close} task={save}>
      <Text c="dimmed">Keys that exist keep what they have.</Text>
      {(['defaultExpiryDays', 'maxLifetimeDays'] as const).map((field) => (
        <TextInput
          key={field}
          label={lifetimes[field]}
          type="number"
          required
          min={1}
          max={3_650}
          value={Number.isNaN(draft[field]) ? '' : draft[field]}
          onChange={({ currentTarget }) => {
            update({ [field]: currentTarget.valueAsNumber });
          }}
        />
      ))}
      <Switch
        label="Keys may be created that never expire"
        checked={draft.allowNoExpiry}
        onChange={({ currentTarget }) => {
          update({ allowNoExpiry: currentTarget.checked });
        }}
      />
      <Radio.Group
        label="Members"
        value={draft.memberKeys}
        onChange={(memberKeys) => {
          update({ memberKeys });
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="own" label="Create and manage keys of their own" />
          <Radio value="none" label="See and revoke their keys, which managers create" />
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
