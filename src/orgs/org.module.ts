import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrgController } from './org.controller.js';
import { OrgService } from './org.service.js';
import { OrgStore } from './org.store.js';
import { Organisation } from './organisation.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Organisation])],
  controllers: [OrgController],
  providers: [OrgService, OrgStore],
  exports: [OrgStore],
})
export class OrgModule {}
