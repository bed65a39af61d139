import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { BootstrapModule } from './bootstrap/bootstrap.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import { HttpModule } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { KeyModule } from './keys/key.module.js';
import { MemberModule } from './members/member.module.js';
import { OrgModule } from './orgs/org.module.js';
import { PermissionsModule } from './permissions/permissions.module.js';
import { RemindersModule } from './reminders/reminders.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import type { Logger } from './telemetry/logger.js';
import { ThrottlingModule } from './throttling/throttling.module.js';
import { UsageModule } from './usage/usage.module.js';
import { UserModule } from './users/user.module.js';
import { VerificationModule } from './verification/verification.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WorkersModule } from './workers/workers.module.js';

@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        TelemetryModule.forRoot(logger),
        DatabaseModule,
        ThrottlingModule,
        AuditModule,
        PermissionsModule,
        OrgModule,
        UserModule,
        KeyModule,
        UsageModule,
        MemberModule,
        JobsModule,
        RemindersModule,
        WebhooksModule,
        VerificationModule,
        SessionsModule,
        BootstrapModule,
        HttpModule,
        ...(settings.role === 'api' ? [] : [WorkersModule]),
      ],
    };
  }
}
