import { Module } from '@nestjs/common';
import { VerificationModule } from '../verification.module.js';
import { HotPlugin } from './hot-plugin.js';

/** The routes that services wait for in each of their requests. */
@Module({ imports: [VerificationModule], providers: [HotPlugin] })
export class HotModule {}
