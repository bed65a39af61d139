import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KeyModule } from '../keys/key.module.js';
import { UserModule } from '../users/user.module.js';
import { MemberController } from './member.controller.js';
import { MemberService } from './member.service.js';
import { MemberStore } from './member.store.js';
import { Membership } from './membership.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Membership]), KeyModule, UserModule],
  controllers: [MemberController],
  providers: [MemberService, MemberStore],
  exports: [MemberStore],
})
export class MemberModule {}
