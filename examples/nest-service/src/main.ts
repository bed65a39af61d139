import 'reflect-metadata';
import type { Principal } from '@keyfence/guard';
import { CurrentPrincipal, KeyfenceModule, Public, Requires } from '@keyfence/guard/nest';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const {
  KEYFENCE_URL = 'http://127.0.0.1:3000',
  KEYFENCE_SERVICE_KEY = '',
  PORT = '4000',
} = process.env;

@Controller('telemetry')
class TelemetryController {
  @Get()
  @Requires('telemetry:read')
  read(@CurrentPrincipal() principal: Principal) {
    return { celsius: 21.4, organisation: principal.orgId };
  }

  @Post()
  @Requires('telemetry:write')
  record(@CurrentPrincipal() principal: Principal) {
    return { recordedBy: principal.keyId };
  }
}

@Controller('health')
class HealthController {
  @Get()
  @Public()
  read() {
    return { status: 'ok' };
  }
}

@Module({
  imports: [KeyfenceModule.forRoot({ url: KEYFENCE_URL, key: KEYFENCE_SERVICE_KEY })],
  controllers: [TelemetryController, HealthController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(Number(PORT), '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
