import { Global, Module } from '@nestjs/common';
import { KEY_MEMORY, KEY_STRATEGIES } from '../auth/access.guard.js';
import { KeyModule } from '../keys/key.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { FirstUse } from './first-use.js';
import { ForwardAuthController } from './forward-auth.controller.js';
import { createKeyStrategies } from './key-strategies.js';
import { RecordReader } from './record-reader.js';
import { RecordSource } from './record-source.js';
import { VerificationService } from './verification.service.js';
import { Verifier } from './verifier.js';
import { VerifyController } from './verify.controller.js';
import { WhoamiController } from './whoami.controller.js';

/** Global, because the guard of all routes takes its strategies and its memory from here. */
@Global()
@Module({
  imports: [KeyModule, UsageModule],
  controllers: [WhoamiController, VerifyController, ForwardAuthController],
  providers: [
    FirstUse,
    RecordSource,
    VerificationService,
    Verifier,
    { provide: KEY_MEMORY, useExisting: Verifier },
    {
      provide: RecordReader,
      inject: [RecordSource],
      useFactory: (source: RecordSource) => source.reader,
    },
    { provide: KEY_STRATEGIES, inject: [Verifier], useFactory: createKeyStrategies },
  ],
  exports: [FirstUse, KEY_MEMORY, KEY_STRATEGIES, Verifier],
})
export class VerificationModule {}
