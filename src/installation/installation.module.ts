import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstallationController } from './installation.controller.js';
import { Installation } from './installation.entity.js';
import { InstallationService } from './installation.service.js';
import { InstallationStore } from './installation.store.js';

/** Settings that operators make for the whole installation, stored in the database. */
@Module({
  imports: [TypeOrmModule.forFeature([Installation])],
  controllers: [InstallationController],
  providers: [InstallationService, InstallationStore],
  exports: [InstallationStore],
})
export class InstallationModule {}
