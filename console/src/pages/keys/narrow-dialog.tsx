import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldError, type Key, type Standing } from '../../api/client';
import { changeKey, type ChangeKey } from '../../api/keys';
import { FormDialog } from '../../components/dialog';
import { dayFromNow } from '../../lib/expiry';
import { isCovered, wordsIn } from '../../lib/words';
import { NarrowFields } from './narrow-fields';
import { ScopeField } from './scope-field';

/** What the fields make of a key. */
interface Limits {
  scope: Key['scope'];
  permissions: string[];
  allowedIps: string;
  /** Empty leaves the expiry as it is. */
  lastDay: string;
}

const isSame = (list: string[], other: string[] | null) =>
  JSON.stringify([...list].sort()) === JSON.stringify([...(other ?? [])].sort());

/** What has to change for the key to have these limits; nothing when it has them. */
function changeOf(key: Key, { scope, lastDay, ...limits }: Limits): ChangeKey {
  const permissions = limits.permissions.filter((each) => isCovered(each, scope));
  const allowedIps = wordsIn(limits.allowedIps);
  return {
    ...(scope !== key.scope && { scope }),
    ...(!isSame(permissions, key.permissions) && { permissions }),
    ...(!isSame(allowedIps, key.allowedIps) && { allowedIps }),
    ...(lastDay !== '' && { expiresAt: lastDay }),
  };
}

interface Props {
  apiKey: Key;
  standing: Standing;
  close: () => void;
}

/** Takes something away from a key, for good: nothing can be widened again. */
export function NarrowDialog({ apiKey: key, standing, close }: Props) {
  const client = useQueryClient();
  const [limits, setLimits] = useState<Limits>({
    scope: key.scope,
    permissions: key.permissions ?? [],
    allowedIps: key.allowedIps?.join('\n') ?? '',
    lastDay: '',
  });
  const change = changeOf(key, limits);
  const narrow = useMutation({
    mutationFn: () => changeKey(key.orgId, key.id, change),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  const update = (part: Partial<Limits>) => {
    setLimits((last) => ({ ...last, ...part }));
  };
  return (
    <FormDialog
      title={`Narrow “${key.name}”`}
      submit="Narrow"
      size="lg"
      isDangerous
      disabled={Object.keys(change).length === 0}
      close={close}
      task={narrow}
    >
      <Text>What is taken away here is gone at once, and cannot be given back to this key.</Text>
      <ScopeField
        scope={limits.scope}
        most={key.scope}
        change={(scope) => {
          update({ scope });
        }}
      />
      <NarrowFields
        permissions={key.permissions ?? standing.permissions}
        hasList={key.permissions !== null}
        scope={limits.scope}
        narrowing={limits}
        change={update}
        error={fieldError(narrow.error, 'allowedIps')}
      />
      <TextInput
        label="Last day"
        description="It works up to the end of that day (UTC). As before when empty."
        type="date"
        min={dayFromNow(0, new Date())}
        max={key.expiresAt === null ? undefined : dayFromNow(-1, new Date(key.expiresAt))}
        value={limits.lastDay}
        error={fieldError(narrow.error, 'expiresAt')}
        onChange={({ currentTarget }) => {
          update({ lastDay: currentTarget.value });
        }}
      />
    </FormDialog>
  );
}
