import { forwardAuthRoutes } from './forward-auth/forward-auth.route.js';
import type { HotRoute } from './hot-route.js';
import { verifyBatchRoute } from './verify-batch.route.js';
import { verifyRoute } from './verify.route.js';
import { whoamiRoute } from './whoami.route.js';

/** All routes that are served without Nest. */
export const hotRoutes: readonly HotRoute[] = [
  verifyRoute,
  verifyBatchRoute,
  whoamiRoute,
  ...forwardAuthRoutes,
];
