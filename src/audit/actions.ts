/** Everything that the audit log can tell of. */
export const auditActions = [
  'org.created',
  'org.renamed',
  'org.grants_changed',
  'org.suspended',
  'org.resumed',
  'org.policy_changed',
  'user.created',
  'user.deactivated',
  'user.reactivated',
  'member.added',
  'member.changed',
  'member.removed',
  'key.created',
  'key.changed',
  'key.revoked',
  'key.expired',
  'delivery.retried',
  'job.retried',
  'webhook.created',
  'webhook.changed',
  'webhook.secret_rotated',
  'webhook.removed',
  'database.restored',
] as const;

export type AuditAction = (typeof auditActions)[number];
