import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Policy, Standing } from '../../api/client';
import { installationQuery } from '../../api/installation';

/** What a key holds that verifies keys and does nothing else. */
export const servicePermissions = ['verify:read'];

interface Props {
  standing: Standing;
  isForService: boolean;
  change: (isForService: boolean) => void;
}

/** Whether an operator makes the key for a service that asks whether keys are valid. */
export function ServiceField({ standing, isForService, change }: Props) {
  if (standing.kind !== 'operator' || !standing.permissions.includes('verify:read')) return null;
  return (
    <Checkbox
      label="Service that verifies keys"
      description="The key can ask whether keys are valid, of every organisation, and do nothing else (verify:read)."
      checked={isForService}
      onChange={({ currentTarget }) => {
        change(currentTarget.checked);
      }}
    />
  );
}

/** The policy for such a key, which may live longer if the operators allow that. */
export function useServiceKeyPolicy(policy: Policy, isForService: boolean): Policy {
  const { data } = useQuery({ ...installationQuery, enabled: isForService });
  if (!isForService || data === undefined) return policy;
  const { serviceKeyMaxLifetimeDays, serviceKeysMayNotExpire } = data;
  return {
    ...policy,
    maxLifetimeDays: Math.max(policy.maxLifetimeDays, serviceKeyMaxLifetimeDays ?? 0),
    allowNoExpiry: policy.allowNoExpiry || serviceKeysMayNotExpire,
  };
}
