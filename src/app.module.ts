import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { BootstrapModule } from './bootstrap/bootstrap.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import type { ServerCheck } from './database/server-checks.js';
import { HttpModule } from './http/http.module.js';
import { InstallationModule } from './installation/installation.module.js';
import { KeyModule } from './keys/key.module.js';
import { MemberModule } from './members/member.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { OrgModule } from './orgs/org.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { RemindersModule } from './reminders/reminders.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import type { Logger } from './telemetry/logger.js';
import { ThrottlingModule } from './auth/throttling/throttling.module.js';
import { UsageModule } from './usage/usage.module.js';
import { UserModule } from './users/user.module.js';
import { HotModule } from './verification/hot/hot.module.js';
import { VerificationModule } from './verification/verification.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WorkersModule } from './workers/workers.module.js';

@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger, server: ServerCheck): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        TelemetryModule.forRoot(logger),
        DatabaseModule.forRoot(server),
        ThrottlingModule,
        AuditModule,
        ChangesModule,
        InstallationModule,
        OrgModule,
        UserModule,
        KeyModule,
        UsageModule,
        MemberModule,
        OperationsModule,
        RemindersModule,
        WebhooksModule,
        VerificationModule,
        HotModule,
        SessionsModule,
        BootstrapModule,
        HttpModule,
        ...(settings.role === 'api' ? [] : [WorkersModule]),
      ],
    };
  }
}
