import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { KeyModule } from '../keys/key.module.js';
import { UsageController } from './usage.controller.js';
import { UsageRecorder } from './usage-recorder.js';
import { UsageService } from './usage.service.js';
import { UsageStore } from './usage.store.js';

@Module({
  imports: [KeyModule, JobsModule],
  controllers: [UsageController],
  providers: [UsageRecorder, UsageService, UsageStore],
  exports: [UsageRecorder, UsageStore],
})
export class UsageModule {}
