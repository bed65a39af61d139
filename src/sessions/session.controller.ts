import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnySession, Public } from '../auth/access.decorator.js';
import type { Session } from '../auth/access.guard.js';
import type { Origin } from '../auth/caller.js';
import { CurrentOrigin, CurrentSession } from '../auth/current-caller.decorator.js';
import { Denying } from '../auth/denies.decorator.js';
import { SessionIdParam } from '../auth/id-param.decorator.js';
import type { SessionId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { Describe } from '../openapi/describe.decorator.js';
import { assertFromConsole, consoleOrigin, obstacle } from './console-origin.js';
import { IdentityProvider } from './identity-provider.js';
import { noSessionCookie, sessionCookie } from './session-cookie.js';
import { OwnSessionsView, RequestLink, SessionView, SignIn, SignInView } from './session.dto.js';
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
    response: SignInView,
  })
  options(@Req() { headers }: FastifyRequest) {
    const hasOrigin = consoleOrigin(this.settings.publicUrl, headers.host) !== undefined;
    const provider = this.provider.name ?? null;
    return {
      mail: this.links.canBeMailed,
      mailServer: this.settings.smtpUrl !== undefined,
      provider,
      obstacle: hasOrigin ? null : obstacle,
    };
  }

  @Post('sign-in-links')
  @HttpCode(202)
  @Public()
  @Describe({
    id: 'requestSignInLink',
    tag: 'Sessions',
    summary: 'Have a sign-in link mailed',
    description:
      'The response is the same whether or not anybody has the address. At most one mail a minute, and three ' +
      'in a quarter of an hour, go to an address: beyond that none is sent, and the response is the same.',
    problems: ['mail_not_set_up', 'too_many_failures', 'unavailable', 'busy'],
  })
  async requestLink(@CurrentOrigin() { ip }: Origin, @Body() body: RequestLink) {
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
    response: SessionView,
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
    @Body() body: SignIn,
  ) {
    // Otherwise another site could sign somebody in as somebody else.
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
    response: SessionView,
  })
  get(@CurrentSession() session: Session) {
    return this.sessions.view(session);
  }

  @Delete('session')
  @HttpCode(204)
  @AnySession()
  @Denying()
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

  @Get('sessions')
  @AnySession()
  @Describe({
    id: 'listSessions',
    tag: 'Sessions',
    summary: 'Your sessions',
    response: OwnSessionsView,
  })
  list(@CurrentSession() session: Session) {
    return this.sessions.list(session);
  }

  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @AnySession()
  @Denying()
  @Describe({
    id: 'endSession',
    tag: 'Sessions',
    summary: 'End one of your sessions',
  })
  async endOne(
    @CurrentSession() session: Session,
    @SessionIdParam() sessionId: SessionId,
    @CurrentOrigin() origin: Origin,
  ) {
    await this.sessions.endOne(session, sessionId, origin);
  }

  @Delete('sessions')
  @HttpCode(204)
  @AnySession()
  @Denying()
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
