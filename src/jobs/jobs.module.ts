import { Module } from '@nestjs/common';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { JobController } from './job.controller.js';
import { JobService } from './job.service.js';

/** Jobs as operators see them. */
@Module({
  imports: [PermissionsModule, QueueModule],
  controllers: [JobController],
  providers: [JobService],
})
export class JobsModule {}
