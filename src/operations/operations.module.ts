import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { DeliveryController } from './delivery.controller.js';
import { DeliveryService } from './delivery.service.js';
import { JobController } from './job.controller.js';
import { JobService } from './job.service.js';

/** Jobs and deliveries, as operators see them. */
@Module({
  imports: [ChangesModule, JobsModule, NotificationsModule],
  controllers: [DeliveryController, JobController],
  providers: [DeliveryService, JobService],
  exports: [DeliveryService],
})
export class OperationsModule {}
