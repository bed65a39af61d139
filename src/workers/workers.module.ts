import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { Processors } from './processors.js';
import { Workers } from './workers.js';

@Module({
  imports: [QueueModule, UsageModule],
  providers: [Processors, Workers],
})
export class WorkersModule {}
