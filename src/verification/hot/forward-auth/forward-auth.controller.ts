import { All, Controller, HttpCode, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AnyKey } from '../../../auth/access.decorator.js';
import type { Caller } from '../../../auth/caller.js';
import { CurrentCaller } from '../../../auth/current-caller.decorator.js';
import { Describe } from '../../../openapi/describe.decorator.js';
import { insufficientPermission } from '../../../permissions/authorise.js';
import type { Permission } from '../../../permissions/permission.js';

/**
 * Responds to a proxy (nginx `auth_request`, Traefik, Caddy, Envoy) about the request that it holds:
 * only with 204, 401, 403 or 503 (see respondWithProblem). The permission is in the path, which the
 * proxy's configuration sets, and never in anything that a client sends.
 */
@Controller('v1/forward-auth')
export class ForwardAuthController {
  // Envoy appends the path of the client's request to the one that it is configured with.
  @All([':permission', ':permission/*'])
  @HttpCode(204)
  @AnyKey()
  @Describe({
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
  })
  respond(
    @CurrentCaller() { principal }: Caller,
    @Param('permission') permission: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    if (permission !== 'any' && !principal.permissions.has(permission as Permission)) {
      throw insufficientPermission(permission as Permission);
    }
    void reply.headers({
      'x-keyfence-org': principal.org.id,
      'x-keyfence-owner': principal.owner.id,
      'x-keyfence-key': principal.key.id,
      'x-keyfence-permissions': [...principal.permissions].sort().join(','),
    });
  }
}
