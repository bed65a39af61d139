import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { KeyModule } from '../keys/key.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OrgModule } from '../orgs/org.module.js';
import { UserModule } from '../users/user.module.js';
import { EndedMembershipStore } from './ended-membership.store.js';
import { InvitationStore } from './invitation.store.js';
import { Invitations } from './invitations.js';
import { MemberController } from './member.controller.js';
import { MemberService } from './member.service.js';
import { MemberStore } from './member.store.js';
import { Membership } from './membership.entity.js';
import { RemovalSweep } from './removal-sweep.js';
import { RemovalWatch } from './removal-watch.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Membership]),
    AuditModule,
    KeyModule,
    OrgModule,
    JobsModule,
    NotificationsModule,
    UserModule,
  ],
  controllers: [MemberController],
  providers: [
    EndedMembershipStore,
    InvitationStore,
    Invitations,
    MemberService,
    MemberStore,
    RemovalSweep,
    RemovalWatch,
  ],
  exports: [Invitations, MemberStore, RemovalSweep],
})
export class MemberModule {}
