import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { UsageStore } from '../usage/usage.store.js';
import { Processors } from './processors.js';
import { Workers } from './workers.js';

@Module({
  imports: [QueueModule],
  providers: [Processors, UsageStore, Workers],
})
export class WorkersModule {}
