import { All, Controller, HttpCode, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AnyKey } from '../auth/access.decorator.js';
import { insufficientPermission } from '../auth/authorise.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Permission } from '../auth/permission.js';
import type { Caller } from '../auth/principal.js';
import { Describe } from '../openapi/describe.decorator.js';

/**
 * Answers a proxy (nginx `auth_request`, Traefik, Caddy, Envoy) about the request that it holds:
 * only ever 204, 401, 403 or 503 (see answerProblem). The permission stands in the path, which the
 * proxy's configuration writes, and never in anything that a client sends.
 */
@Controller('v1/forward-auth')
export class ForwardAuthController {
  // Envoy puts the path of the client's request behind the one that it is configured with.
  @All([':permission', ':permission/*'])
  @HttpCode(204)
  @AnyKey()
  @Describe({
    id: 'forwardAuth',
    tag: 'Forward authentication',
    summary: 'Answer a proxy about the request that it holds',
    description:
      'For nginx `auth_request`, Traefik, Caddy and Envoy. Every method is answered alike, also ' +
      'those that OpenAPI has no place for; a body is not read.',
    headers: {
      'X-Keyfence-Org': 'The organisation of the key.',
      'X-Keyfence-Owner': 'The owner of the key.',
      'X-Keyfence-Key': 'The key.',
      'X-Keyfence-Permissions': 'All that the key may do, with commas between.',
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
  answer(
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
