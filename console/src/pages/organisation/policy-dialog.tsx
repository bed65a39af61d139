import { Checkbox, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changePolicy, type KeyRules } from '../../api/orgs';
import { asSaid, faultsOf } from '../../lib/faults';
import { toast } from '../../lib/toasts';
import { FormDialog } from '../../components/dialog';

interface Props {
  orgId: string;
  rules: KeyRules;
  close: () => void;
}

const lifetimes = {
  defaultExpiryDays: 'Default expiration (days)',
  maxLifetimeDays: 'Maximum lifetime (days)',
} as const;

/** Changes the rules for new keys. */
export function PolicyDialog({ orgId, rules, close }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(rules);
  const save = useMutation({
    mutationFn: () => changePolicy(orgId, draft),
    onSuccess: async () => {
      // It says what oneself may do, too.
      await client.invalidateQueries();
      toast('The key policy is saved');
      close();
    },
  });
  const update = (part: Partial<KeyRules>) => {
    setDraft((last) => ({ ...last, ...part }));
  };
  const isTooLong = draft.defaultExpiryDays > draft.maxLifetimeDays;
  const faults = faultsOf(save.error, { defaultExpiryDays: asSaid, maxLifetimeDays: asSaid });
  return (
    <FormDialog
      title="Key policy"
      disabled={isTooLong}
      submit="Save"
      close={close}
      task={save}
      failure={faults.rest}
    >
      <Text c="dimmed">It applies to new keys. Existing keys do not change.</Text>
      {(['defaultExpiryDays', 'maxLifetimeDays'] as const).map((field) => (
        <TextInput
          key={field}
          label={lifetimes[field]}
          type="number"
          required
          min={1}
          max={3_650}
          value={Number.isNaN(draft[field]) ? '' : draft[field]}
          error={
            isTooLong && field === 'defaultExpiryDays'
              ? 'The default must not be greater than the maximum lifetime.'
              : faults.of[field]
          }
          onChange={({ currentTarget }) => {
            update({ [field]: currentTarget.valueAsNumber });
          }}
        />
      ))}
      <Checkbox
        label="Allow keys that never expire"
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
          <Radio value="own" label="Create and manage their own keys" />
          <Radio value="none" label="See and revoke their own keys, which managers create" />
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
