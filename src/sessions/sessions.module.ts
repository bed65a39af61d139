import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { SESSIONS } from '../auth/access.guard.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OrgModule } from '../orgs/org.module.js';
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
import { SignInMailStore } from './sign-in-mail.store.js';

/** Global, because the guard of all routes looks up sessions here. */
@Global()
@Module({
  imports: [AuditModule, NotificationsModule, OrgModule, JobsModule],
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
    SignInMailStore,
    { provide: SESSIONS, useExisting: SessionAuthenticator },
  ],
  exports: [IdentityStore, SESSIONS, SessionStore, SignInLinks],
})
export class SessionsModule {}
