import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { Settings } from '../config/settings.js';
import { ApiKey, KeySecret } from './api-key.entity.js';
import { HashKeyStore } from './hash-key.store.js';
import { KeyController } from './key.controller.js';
import { KeyIssuer } from './key-issuer.js';
import { KeyService } from './key.service.js';
import { KeyStore } from './key.store.js';
import { ReportController } from './report.controller.js';
import { ReportService } from './report.service.js';
import { SecretHasher } from './secret-hasher.js';

@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([ApiKey, KeySecret])],
  controllers: [KeyController, ReportController],
  providers: [
    HashKeyStore,
    KeyIssuer,
    KeyService,
    KeyStore,
    ReportService,
    {
      provide: SecretHasher,
      inject: [Settings],
      useFactory: ({ secrets }: Settings) => new SecretHasher(secrets),
    },
  ],
  exports: [HashKeyStore, KeyIssuer, KeyService, KeyStore, SecretHasher],
})
export class KeyModule {}
