import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { SESSIONS } from '../auth/access.guard.js';
import { MemberModule } from '../members/member.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OrgModule } from '../orgs/org.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { IdentityController } from './identity.controller.js';
import { IdentityProvider } from './identity-provider.js';
import { IdentitySignIn } from './identity-sign-in.js';
import { IdentityStore } from './identity.store.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { SessionController } from './session.controller.js';
import { SessionService } from './session.service.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { SignInLinks } from './sign-in-links.js';

/** Global, because the guard of all routes asks for sessions here. */
@Global()
@Module({
  imports: [AuditModule, MemberModule, NotificationsModule, OrgModule, QueueModule],
  controllers: [IdentityController, SessionController],
  providers: [
    IdentityProvider,
    IdentitySignIn,
    IdentityStore,
    SessionAuthenticator,
    SessionService,
    SessionStore,
    SignInLinks,
    SignInLinkStore,
    { provide: SESSIONS, useExisting: SessionAuthenticator },
  ],
  exports: [SESSIONS, SignInLinks],
})
export class SessionsModule {}
