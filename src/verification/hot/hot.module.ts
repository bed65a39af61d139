import { Module } from '@nestjs/common';
import { VerificationModule } from '../verification.module.js';
import { ForwardAuthController } from './forward-auth/forward-auth.controller.js';
import { VerificationService } from './verification.service.js';
import { VerifyController } from './verify.controller.js';
import { WhoamiController } from './whoami.controller.js';

/** The routes that services wait for in each of their requests. */
@Module({
  imports: [VerificationModule],
  controllers: [ForwardAuthController, VerifyController, WhoamiController],
  providers: [VerificationService],
})
export class HotModule {}
