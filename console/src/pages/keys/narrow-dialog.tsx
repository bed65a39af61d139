import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key, Standing } from '../../api/client';
import { changeKey, type ChangeKey } from '../../api/keys';
import { FormDialog } from '../../components/dialog';
import { toast } from '../../lib/toasts';
import { dayFromNow } from '../../lib/expiry';
import { isData } from '../../lib/permissions';
import { isCovered, wordsIn } from '../../lib/words';
import { keyFaults } from './key-faults';
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

/** Restricts a key. Nothing can be widened again. */
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
      toast(`“${key.name}” is restricted`);
      close();
    },
  });
  const faults = keyFaults(narrow.error, { allowedIps: wordsIn(limits.allowedIps) });
  const update = (part: Partial<Limits>) => {
    setLimits((last) => ({ ...last, ...part }));
  };
  return (
    <FormDialog
      title={`Restrict “${key.name}”`}
      submit="Restrict"
      size="lg"
      isDangerous
      disabled={Object.keys(change).length === 0}
      close={close}
      task={narrow}
      failure={faults.rest}
    >
      <Text>Restrictions take effect at once. They cannot be undone.</Text>
      <ScopeField
        scope={limits.scope}
        most={key.scope}
        change={(scope) => {
          update({ scope });
        }}
      />
      <NarrowFields
        permissions={
          key.permissions ?? standing.permissions.filter((each) => key.management || isData(each))
        }
        hasList={key.permissions !== null}
        scope={limits.scope}
        narrowing={limits}
        change={update}
        error={faults.of.allowedIps}
      />
      <TextInput
        label="Last day"
        description="The key works until the end of that day (UTC). Leave empty to change nothing."
        type="date"
        min={dayFromNow(0, new Date())}
        max={key.expiresAt === null ? undefined : dayFromNow(-1, new Date(key.expiresAt))}
        value={limits.lastDay}
        error={faults.of.expiresAt}
        onChange={({ currentTarget }) => {
          update({ lastDay: currentTarget.value });
        }}
      />
    </FormDialog>
  );
}
