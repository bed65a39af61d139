import type { AuditEvent } from '../api/client';

/** What somebody did, around the name of that which they did it to. Without an end the name is left out. */
type Words = [verb: string, end?: string];

/** The actions of the audit log as parts of sentences: “Ada Okafor” “revoked” “Grafana”. */
export const sentences: Record<AuditEvent['action'], Words> = {
  'org.created': ['created the organisation', ''],
  'org.renamed': ['renamed the organisation'],
  'org.grants_changed': ['changed the data permissions of the organisation'],
  'org.suspended': ['suspended the organisation'],
  'org.resumed': ['resumed the organisation'],
  'org.policy_changed': ['changed the key policy'],
  'org.bounds_changed': ['changed the key limits'],
  'user.created': ['created the user', ''],
  'user.changed': ['changed the name or the address of', ''],
  'user.deactivated': ['deactivated', ''],
  'user.reactivated': ['reactivated', ''],
  'user.identity_bound': ['linked an account at the identity provider to', ''],
  'user.identity_unbound': ['unlinked an account at the identity provider from', ''],
  'user.identity_allowed': ['allowed an account at the identity provider again for', ''],
  'user.link_made': ['created a sign-in link for', ''],
  'session.created': ['signed in'],
  'session.ended': ['signed out'],
  'member.added': ['added', 'to the organisation'],
  'member.invited': ['invited', 'again'],
  'member.changed': ['changed the access of', ''],
  'member.removed': ['removed', 'from the organisation'],
  'key.created': ['created', ''],
  'key.changed': ['changed', ''],
  'key.revoked': ['revoked', ''],
  'key.expired': ['recorded that', 'expired'],
  'delivery.retried': ['sent a failed delivery again'],
  'job.retried': ['ran a failed job again'],
  'webhook.created': ['created the webhook', ''],
  'webhook.changed': ['changed the webhook', ''],
  'webhook.secret_rotated': ['rotated the secret of the webhook', ''],
  'webhook.pinged': ['sent a test event to the webhook', ''],
  'webhook.removed': ['removed the webhook', ''],
  'installation.changed': ['changed the settings of the installation'],
  'database.restored': ['recorded that the database was restored from a backup'],
};

const fieldNames: Partial<Record<string, string>> = {
  allowedIps: 'Allowed IPs',
  allowNoExpiry: 'Keys without expiration',
  createdAt: 'Created',
  dataPermissions: 'Described data permissions',
  defaultExpiryDays: 'Default expiration (days)',
  expiresAt: 'Expires',
  grants: 'Data permissions',
  maxKeysPerMember: 'Live keys per member',
  maxKeysPerOrg: 'Live keys in all',
  maxLifetimeDays: 'Maximum lifetime (days)',
  memberKeys: 'Keys of members',
  ownerId: 'Owner',
  url: 'URL',
  userId: 'User',
};

/** The name of a field of the API, in words. */
export const fieldName = (field: string): string =>
  fieldNames[field] ??
  field.charAt(0).toUpperCase() + field.slice(1).replace(/[A-Z]/g, (a) => ` ${a.toLowerCase()}`);

type Values = Record<string, unknown> | null;

export interface Change {
  field: string;
  /** Undefined where there was none. */
  before: unknown;
  after: unknown;
}

/** What an event has changed, field by field. */
export function changesOf(before: Values, after: Values): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .map((field) => ({ field, before: before?.[field], after: after?.[field] }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}
