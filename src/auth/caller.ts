import type { Lane } from '../database/lanes.js';
import type { ManagementPermission } from '../permissions/permission.js';
import type { Principal } from '../permissions/principal.js';

/** Where a request came from. */
export interface Origin {
  /** The client's address. Behind trusted proxies it is the one that they report. */
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestId: string;
}

/** A request that passed the guard. */
export interface Caller {
  readonly principal: Principal;
  readonly origin: Origin;
  /** The permission that the route demanded; null when every valid key will do. */
  readonly requires: ManagementPermission | null;
  /** The connections that the call uses for all its queries. */
  readonly lane: Lane;
  /** The state of the store that the principal was judged on (see docs/decisions/001-read-fence.md). */
  readonly authSeq: number;
}
