import { Alert, Checkbox } from '@mantine/core';
import type { CreateKey, Standing } from '../../api/client';
import { useAppearance, type ScopeTexts } from '../../api/installation';
import { isData, possible } from '../../lib/permissions';

interface Props {
  standing: Standing;
  scope: CreateKey['scope'];
  isForManagement: boolean;
  change: (isForManagement: boolean) => void;
}

/** Why a data-only key of this scope would hold nothing; undefined when it would hold something. */
export function whyNothing(
  standing: Standing,
  scope: CreateKey['scope'],
  scopes: ScopeTexts,
): string | undefined {
  if (possible(standing.permissions, scope, false).length > 0) return undefined;
  return standing.permissions.some(isData)
    ? `None of your data permissions is within “${scopes[scope].name}”. Choose a wider one above.`
    : 'There are no data permissions here that you could give: a key for data could do nothing. Your ' +
        'operator grants them to the organisation.';
}

/** Whether the key is for data only. Operators have no data: their keys always manage. */
export function ManagementField({ standing, scope, isForManagement, change }: Props) {
  if (standing.kind === 'operator') return null;
  const { scopes } = useAppearance();
  const why = isForManagement ? undefined : whyNothing(standing, scope, scopes);
  return (
    <>
      <Checkbox
        label="Manage this organisation"
        description="The key can also do here what its owner can, such as see and create keys. Leave it unchecked for a key that only uses data."
        checked={isForManagement}
        onChange={({ currentTarget }) => {
          change(currentTarget.checked);
        }}
      />
      {why !== undefined && (
        <Alert color="yellow" variant="light" role="status">
          {why}
        </Alert>
      )}
    </>
  );
}
