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
import { KeyRevocationStore } from './key-revocation.store.js';
import { MemberController } from './member.controller.js';
import { MemberService } from './member.service.js';
import { MemberStore } from './member.store.js';
import { Membership } from './membership.entity.js';
import { RemovalSweep } from './removal-sweep.js';
import { RemovalWatch } from './removal-watch.js';
import { RevocationJobs } from './revocation-jobs.js';
import { RevocationTaskStore } from './revocation-task.store.js';
import { RevokeMemberKeysController } from './revoke-member-keys.controller.js';
import { RevokeMemberKeysService } from './revoke-member-keys.service.js';

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
  controllers: [MemberController, RevokeMemberKeysController],
  providers: [
    EndedMembershipStore,
    InvitationStore,
    Invitations,
    KeyRevocationStore,
    MemberService,
    MemberStore,
    RemovalSweep,
    RemovalWatch,
    RevocationJobs,
    RevocationTaskStore,
    RevokeMemberKeysService,
  ],
  exports: [Invitations, MemberStore, RemovalSweep],
})
export class MemberModule {}
