import { Tenants1764000000000 } from './1764000000000-tenants.js';
import { Keys1764000001000 } from './1764000001000-keys.js';
import { Audit1764000002000 } from './1764000002000-audit.js';
import { AuthHistory1764000003000 } from './1764000003000-auth-history.js';
import { AuditChain1764000004000 } from './1764000004000-audit-chain.js';
import { Idempotency1764000005000 } from './1764000005000-idempotency.js';
import { FailedAuthentications1764000006000 } from './1764000006000-failed-authentications.js';
import { KeyUsage1764000007000 } from './1764000007000-key-usage.js';
import { Reminders1764000008000 } from './1764000008000-reminders.js';
import { WatchKeys1764000009000 } from './1764000009000-watch-keys.js';
import { Webhooks1764000010000 } from './1764000010000-webhooks.js';
import { Sessions1764000011000 } from './1764000011000-sessions.js';
import { Identities1764000012000 } from './1764000012000-identities.js';

/** In the order in which they run. */
export const migrations = [
  Tenants1764000000000,
  Keys1764000001000,
  Audit1764000002000,
  AuthHistory1764000003000,
  AuditChain1764000004000,
  Idempotency1764000005000,
  FailedAuthentications1764000006000,
  KeyUsage1764000007000,
  Reminders1764000008000,
  WatchKeys1764000009000,
  Webhooks1764000010000,
  Sessions1764000011000,
  Identities1764000012000,
];
