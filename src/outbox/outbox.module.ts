import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueueModule } from '../queue/queue.module.js';
import { Deliveries } from './deliveries.js';
import { Delivery } from './delivery.entity.js';
import { DeliveryStore } from './delivery.store.js';
import { Outbox } from './outbox.js';

/** What is to be told, and to whom: written down with what happened, and brought out later. */
@Module({
  imports: [QueueModule, TypeOrmModule.forFeature([Delivery])],
  providers: [Deliveries, DeliveryStore, Outbox],
  exports: [Deliveries, DeliveryStore, Outbox],
})
export class OutboxModule {}
