import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorator.js';
import type { Origin } from '../auth/caller.js';
import { CurrentOrigin } from '../auth/current-caller.decorator.js';
import { Settings } from '../config/settings.js';
import { Describe } from '../openapi/describe.decorator.js';
import { assertFromConsole } from './console-origin.js';
import { FinishSignIn, ProviderView } from './identity.dto.js';
import { IdentitySignIn } from './identity-sign-in.js';
import { attemptCookie, attemptOf, sessionCookie } from './session-cookie.js';
import { SessionView } from './session.dto.js';

/** Signing in at the identity provider: the browser goes there between these two calls. */
@Controller('v1')
export class IdentityController {
  constructor(
    private readonly signIns: IdentitySignIn,
    private readonly settings: Settings,
  ) {}

  @Post('sign-in/provider')
  @HttpCode(200)
  @Public()
  @Describe({
    id: 'beginProviderSignIn',
    tag: 'Sessions',
    summary: 'Begin to sign in at the identity provider',
    headers: { 'Set-Cookie': 'What finishes the sign-in, within ten minutes.' },
    response: ProviderView,
    problems: ['no_identity_provider', 'cross_site', 'unavailable'],
  })
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProviderView> {
    assertFromConsole(request, this.settings.publicUrl);
    const { url, attempt } = await this.signIns.begin();
    void reply.header('set-cookie', attemptCookie(attempt));
    return { url };
  }

  @Post('session/provider')
  @HttpCode(200)
  @Public()
  @Describe({
    id: 'finishProviderSignIn',
    tag: 'Sessions',
    summary: 'Sign in with what the identity provider has returned',
    description:
      'An account at the provider belongs to the user with the address that the provider had verified ' +
      'at the first sign-in, permanently.',
    headers: { 'Set-Cookie': 'The session, for the console alone.' },
    response: SessionView,
    problems: [
      'no_identity_provider',
      'identity_not_confirmed',
      'identity_unknown',
      'cross_site',
      'too_many_failures',
      'unavailable',
      'busy',
      'outcome_unknown',
    ],
  })
  async finish(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentOrigin() origin: Origin,
    @Body() body: FinishSignIn,
  ): Promise<SessionView> {
    assertFromConsole(request, this.settings.publicUrl);
    const attempt = attemptOf(request.headers.cookie);
    const { token, session } = await this.signIns.finish(origin, attempt, body);
    void reply.header('set-cookie', [sessionCookie(token), attemptCookie(undefined)]);
    return session;
  }
}
