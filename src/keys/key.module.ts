import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { Settings } from '../config/settings.js';
import { InstallationModule } from '../installation/installation.module.js';
import { OrgModule } from '../orgs/org.module.js';
import { ApiKey, KeySecret } from './api-key.entity.js';
import { HashKeyStore } from './hash-key.store.js';
import { KeyController } from './key.controller.js';
import { KeyIssuer } from './key-issuer.js';
import { KeyListController } from './key-list.controller.js';
import { KeyListService } from './key-list.service.js';
import { KeyListStore } from './key-list.store.js';
import { KeyService } from './key.service.js';
import { KeyStore } from './key.store.js';
import { LiveKeyStore } from './live-key.store.js';
import { OwnedKeysStore } from './owned-keys.store.js';
import { RevokeController } from './revoke.controller.js';
import { RevokeKeysController } from './revoke-keys.controller.js';
import { RevokeKeysService } from './revoke-keys.service.js';
import { RevokeService } from './revoke.service.js';
import { SecretHasher } from './secret-hasher.js';
import { UserKeysController } from './user-keys.controller.js';

@Module({
  imports: [
    AuditModule,
    InstallationModule,
    OrgModule,
    TypeOrmModule.forFeature([ApiKey, KeySecret]),
  ],
  controllers: [
    KeyListController,
    KeyController,
    RevokeController,
    RevokeKeysController,
    UserKeysController,
  ],
  providers: [
    HashKeyStore,
    KeyIssuer,
    KeyListService,
    KeyListStore,
    KeyService,
    KeyStore,
    LiveKeyStore,
    OwnedKeysStore,
    RevokeKeysService,
    RevokeService,
    {
      provide: SecretHasher,
      inject: [Settings],
      useFactory: ({ secrets }: Settings) => new SecretHasher(secrets),
    },
  ],
  exports: [HashKeyStore, KeyIssuer, KeyService, KeyStore, OwnedKeysStore, SecretHasher],
})
export class KeyModule {}
