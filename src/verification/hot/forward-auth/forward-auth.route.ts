import { Problem } from '../../../common/errors.js';
import { allMethods } from '../../../openapi/routes.js';
import { insufficientPermission } from '../../../permissions/authorise.js';
import type { Permission } from '../../../permissions/permission.js';
import type { HotCall, HotResponse, HotRoute } from '../hot-route.js';
import { textsOf } from '../key-text.js';

function respond({ caller, params: { permission = '' } }: HotCall): HotResponse {
  const { key, org, owner, permissions } = caller;
  // For the router, nothing between two slashes is a parameter, too.
  if (permission === '') throw new Problem('not_found');
  if (permission !== 'any' && !permissions.has(permission as Permission)) {
    throw insufficientPermission(permission as Permission);
  }
  return {
    headers: {
      'x-keyfence-org': org.id,
      'x-keyfence-owner': owner.id,
      'x-keyfence-key': key.id,
      'x-keyfence-permissions': textsOf(permissions).joined,
    },
  };
}

/**
 * Responds to a proxy (nginx `auth_request`, Traefik, Caddy, Envoy) about the request that it holds:
 * only with 204, 401, 403 or 503 (see respondWithProblem). The permission is in the path, which the
 * proxy's configuration sets, and never in anything that a client sends.
 */
const routeAt = (path: string): HotRoute => ({
  methods: allMethods,
  path,
  access: { kind: 'any-key' },
  operation: {
    id: 'forwardAuth',
    tag: 'Forward authentication',
    summary: 'Decide on a request that a proxy holds',
    description:
      'For nginx `auth_request`, Traefik, Caddy and Envoy. All methods get the same response, also ' +
      'those that OpenAPI does not know; a body is not read.',
    headers: {
      'X-Keyfence-Org': 'The organisation of the key.',
      'X-Keyfence-Owner': 'The owner of the key.',
      'X-Keyfence-Key': 'The key.',
      'X-Keyfence-Permissions': 'Everything that the key may do, separated by commas.',
    },
    onlyProblems: [
      'unauthenticated',
      'insufficient_permission',
      'ip_not_allowed',
      'request_timeout',
      'headers_too_large',
      'unavailable',
      'busy',
    ],
  },
  status: 204,
  respond,
});

/** Envoy appends the path of the client's request to the one that it is configured with. */
export const forwardAuthRoutes = [
  'v1/forward-auth/:permission',
  'v1/forward-auth/:permission/*',
].map(routeAt);
