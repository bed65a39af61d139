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
import { HistoryCost1764000013000 } from './1764000013000-history-cost.js';
import { ReadableRows1764000014000 } from './1764000014000-readable-rows.js';
import { MendRows1764000014100 } from './1764000014100-mend-rows.js';
import { ValidateRows1764000014200 } from './1764000014200-validate-rows.js';
import { EndedMemberships1764000015000 } from './1764000015000-ended-memberships.js';
import {
  KeyBounds1764000016000,
  KeysByCreator1764000016002,
  LiveKeys1764000016001,
} from './1764000016000-key-bounds.js';
import { WebhookPings1764000020000 } from './1764000020000-webhook-pings.js';
import { SignInTokens1764000022000 } from './1764000022000-sign-in-tokens.js';
import { IdentityIds1764000022100 } from './1764000022100-identity-ids.js';
import { Notices1764000023000, ValidateNotices1764000023100 } from './1764000023000-notices.js';
import { ClosedFunctions1764000024000 } from './1764000024000-closed-functions.js';
import { StampedEvents1764000024100 } from './1764000024100-stamped-events.js';
import { MoreActions1764000024200 } from './1764000024200-more-actions.js';
import {
  KeyLabels1764000025000,
  ValidateKeyLabels1764000025100,
} from './1764000025000-key-labels.js';
import { SearchNames1764000025200 } from './1764000025200-search-names.js';
import { ChangedUsers1764000025300 } from './1764000025300-changed-users.js';
import {
  DataOnlyKeys1764000026000,
  Installation1764000026100,
} from './1764000026000-data-only-keys.js';
import { ServiceKeys1764000026200 } from './1764000026200-service-keys.js';
import {
  Invitations1764000027000,
  ValidateInvitations1764000027100,
} from './1764000027000-invitations.js';
import { SessionOrigins1764000028000 } from './1764000028000-session-origins.js';
import { Appearance1764000029000 } from './1764000029000-appearance.js';
import { KeyRevocations1764000030000 } from './1764000030000-key-revocations.js';

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
  HistoryCost1764000013000,
  ReadableRows1764000014000,
  MendRows1764000014100,
  ValidateRows1764000014200,
  EndedMemberships1764000015000,
  KeyBounds1764000016000,
  LiveKeys1764000016001,
  KeysByCreator1764000016002,
  WebhookPings1764000020000,
  SignInTokens1764000022000,
  IdentityIds1764000022100,
  Notices1764000023000,
  ValidateNotices1764000023100,
  ClosedFunctions1764000024000,
  StampedEvents1764000024100,
  MoreActions1764000024200,
  KeyLabels1764000025000,
  ValidateKeyLabels1764000025100,
  SearchNames1764000025200,
  ChangedUsers1764000025300,
  DataOnlyKeys1764000026000,
  Installation1764000026100,
  ServiceKeys1764000026200,
  Invitations1764000027000,
  ValidateInvitations1764000027100,
  SessionOrigins1764000028000,
  Appearance1764000029000,
  KeyRevocations1764000030000,
];
