import { Module } from '@nestjs/common';
import { KeyModule } from '../keys/key.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { UsageController } from './usage.controller.js';
import { UsageRecorder } from './usage-recorder.js';
import { UsageService } from './usage.service.js';
import { UsageStore } from './usage.store.js';

@Module({
  imports: [KeyModule, QueueModule],
  controllers: [UsageController],
  providers: [UsageRecorder, UsageService, UsageStore],
  exports: [UsageRecorder, UsageStore],
})
export class UsageModule {}
