import { Global, Module } from '@nestjs/common';
import { KEYS } from '../auth/access.guard.js';
import { KeyModule } from '../keys/key.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { FirstUse } from './first-use.js';
import { RecordReader } from './record-reader.js';
import { RecordSource } from './record-source.js';
import { VerifiedKeys } from './verified-keys.js';
import { Verifier } from './verifier.js';

/** Global, because the guard of all routes asks here whether a key is valid. */
@Global()
@Module({
  imports: [KeyModule, UsageModule],
  providers: [
    FirstUse,
    RecordSource,
    Verifier,
    { provide: KEYS, useClass: VerifiedKeys },
    {
      provide: RecordReader,
      inject: [RecordSource],
      useFactory: (source: RecordSource) => source.reader,
    },
  ],
  exports: [FirstUse, KEYS, Verifier],
})
export class VerificationModule {}
