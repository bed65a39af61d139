import type { OrgFacts } from '../permissions/facts.js';
import type { CreateKey } from './key.dto.js';

/** What operators allow service keys, beyond the policy of their organisation. */
interface ServiceKeyPolicy {
  /** Null for no longer than other keys. */
  serviceKeyMaxLifetimeDays: number | null;
  serviceKeysMayNotExpire: boolean;
}

/** Whether it is to be a key of the operators that verifies keys and does nothing else. */
export function isServiceKey({ permissions }: CreateKey, { kind }: OrgFacts): boolean {
  return kind === 'operator' && permissions?.length === 1 && permissions[0] === 'verify:read';
}

/** The organisation, with the policy for its service keys: never stricter than that for other keys. */
export function withServiceKeyPolicy(
  org: OrgFacts,
  { serviceKeyMaxLifetimeDays, serviceKeysMayNotExpire }: ServiceKeyPolicy,
): OrgFacts {
  return {
    ...org,
    maxLifetimeDays: Math.max(org.maxLifetimeDays, serviceKeyMaxLifetimeDays ?? 0),
    allowNoExpiry: org.allowNoExpiry || serviceKeysMayNotExpire,
  };
}
