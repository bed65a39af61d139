import { Checkbox, Stack, Textarea } from '@mantine/core';
import type { CreateKey } from '../../api/client';
import { usePermissionTexts } from '../../api/installation';
import { isCovered } from '../../lib/words';

export interface Narrowing {
  /** Empty is all that the scope covers. */
  permissions: string[];
  /** As it was typed; empty is everywhere. */
  allowedIps: string;
}

interface Props {
  /** What there is to choose from, as far as the scope covers it. */
  permissions: string[];
  /** The key has these and no others already. */
  hasList?: boolean;
  scope: CreateKey['scope'];
  narrowing: Narrowing;
  change: (narrowing: Narrowing) => void;
  error: string | undefined;
}

/** Limits that most keys do without. */
export function NarrowFields(props: Props) {
  const { permissions: all, hasList = false, scope, narrowing, change, error } = props;
  const texts = usePermissionTexts();
  const possible = all.filter((each) => isCovered(each, scope));
  return (
    <>
      <Checkbox.Group
        label="Restrict to these permissions"
        description={
          hasList
            ? 'Permissions that are not checked are removed.'
            : 'If none is checked, the key has all permissions of its scope.'
        }
        value={narrowing.permissions.filter((each) => possible.includes(each))}
        onChange={(permissions) => {
          change({ ...narrowing, permissions });
        }}
      >
        <Stack gap={6} mt="xs">
          {possible.map((each) => (
            <Checkbox key={each} value={each} label={each} description={texts.get(each)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea
        label="Allowed IPs"
        description="Addresses or CIDR ranges, such as 192.0.2.0/24. Leave empty to allow any."
        autoComplete="off"
        value={narrowing.allowedIps}
        error={error}
        onChange={({ currentTarget }) => {
          change({ ...narrowing, allowedIps: currentTarget.value });
        }}
      />
    </>
  );
}
