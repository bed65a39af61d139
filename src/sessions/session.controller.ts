import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnySession, Public } from '../auth/access.decorator.js';
import type { Session } from '../auth/access.guard.js';
import { CurrentOrigin, CurrentSession } from '../auth/current-caller.decorator.js';
import type { Origin } from '../auth/principal.js';
import { Settings } from '../config/settings.js';
import { Describe } from '../openapi/describe.decorator.js';
import { assertFromConsole, consoleOrigin, obstacle } from './console-origin.js';
import { IdentityProvider } from './identity-provider.js';
import { noSessionCookie, sessionCookie } from './session-cookie.js';
import { RequestLink, SessionView, SignIn, SignInView } from './session.dto.js';
import { SessionService } from './session.service.js';
import { SignInLinks } from './sign-in-links.js';

const cookieHeader = { 'Set-Cookie': 'The session, for the console alone.' };

/** Signing in to the console, and out. */
@Controller('v1')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly links: SignInLinks,
    private readonly provider: IdentityProvider,
    private readonly settings: Settings,
  ) {}

  @Get('sign-in')
  @Public()
  @Describe({
    id: 'getSignInOptions',
    tag: 'Sessions',
    summary: 'How people can sign in',
    answer: SignInView,
  })
  options(@Req() { headers }: FastifyRequest) {
    const hasOrigin = consoleOrigin(this.settings.publicUrl, headers.host) !== undefined;
    const provider = this.provider.name ?? null;
    return { mail: this.links.canBeMailed, provider, obstacle: hasOrigin ? null : obstacle };
  }

  @Post('sign-in-links')
  @HttpCode(202)
  @Public()
  @Describe({
    id: 'requestSignInLink',
    tag: 'Sessions',
    summary: 'Have a link mailed to sign in with',
    description: 'The answer is the same whether or not anybody has the address.',
    problems: ['mail_not_set_up', 'too_many_failures', 'unavailable'],
  })
  async requestLink(
    @CurrentOrigin() { ip }: Origin,
    @Body({ schema: RequestLink }) body: RequestLink,
  ) {
    await this.links.request(body.email, ip);
  }

  @Post('session')
  @HttpCode(200)
  @Public()
  @Describe({
    id: 'signIn',
    tag: 'Sessions',
    summary: 'Sign in with a link',
    headers: cookieHeader,
    answer: SessionView,
    problems: [
      'sign_in_link_invalid',
      'cross_site',
      'too_many_failures',
      'unavailable',
      'busy',
      'outcome_unknown',
    ],
  })
  async signIn(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentOrigin() origin: Origin,
    @Body({ schema: SignIn }) body: SignIn,
  ) {
    // Or another site could sign somebody in as somebody else.
    assertFromConsole(request, this.settings.publicUrl);
    const { token, session } = await this.sessions.signIn(origin, body.token);
    void reply.header('set-cookie', sessionCookie(token));
    return session;
  }

  @Get('session')
  @AnySession()
  @Describe({
    id: 'getSession',
    tag: 'Sessions',
    summary: 'Who is signed in, and what they may do where',
    answer: SessionView,
  })
  get(@CurrentSession() session: Session) {
    return this.sessions.view(session);
  }

  @Delete('session')
  @HttpCode(204)
  @AnySession()
  @Describe({
    id: 'signOut',
    tag: 'Sessions',
    summary: 'Sign out',
    headers: cookieHeader,
  })
  async signOut(
    @CurrentSession() session: Session,
    @CurrentOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.sessions.end(session, origin);
    void reply.header('set-cookie', noSessionCookie);
  }

  @Delete('sessions')
  @HttpCode(204)
  @AnySession()
  @Describe({
    id: 'signOutEverywhere',
    tag: 'Sessions',
    summary: 'Sign out everywhere',
    headers: cookieHeader,
  })
  async signOutEverywhere(
    @CurrentSession() session: Session,
    @CurrentOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.sessions.endAll(session, origin);
    void reply.header('set-cookie', noSessionCookie);
  }
}
