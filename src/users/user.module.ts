import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OrgModule } from '../orgs/org.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DeactivationService } from './deactivation.service.js';
import { ManagerNoticeStore } from './manager-notice.store.js';
import { UserIdentities } from './user-identities.js';
import { UserIdentityController } from './user-identity.controller.js';
import { UserController } from './user.controller.js';
import { UserSignInLinks } from './user-sign-in-links.js';
import { User } from './user.entity.js';
import { UserService } from './user.service.js';
import { UserStore } from './user.store.js';

@Module({
  imports: [NotificationsModule, OrgModule, SessionsModule, TypeOrmModule.forFeature([User])],
  controllers: [UserController, UserIdentityController],
  providers: [
    DeactivationService,
    ManagerNoticeStore,
    UserIdentities,
    UserService,
    UserSignInLinks,
    UserStore,
  ],
  exports: [ManagerNoticeStore, UserStore],
})
export class UserModule {}
