import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { Log } from '../telemetry/log.js';
import { connectionLimits } from './connection.js';
import { Transactions } from './transactions.js';

const connections = 10;

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Settings, Log],
      useFactory: ({ databaseUrl }: Settings, { logger }: Log) => ({
        type: 'postgres',
        url: databaseUrl,
        // The schema is made by hand-read migrations alone.
        synchronize: false,
        installExtensions: false,
        autoLoadEntities: true,
        poolErrorHandler: (err: unknown) => {
          logger.warn({ err }, 'an idle database connection broke');
        },
        extra: {
          ...connectionLimits,
          max: connections,
          application_name: 'keyfence',
          // Changes queue for a connection under load; a verification is not worth waiting that long.
          connectionTimeoutMillis: 5_000,
        },
      }),
    }),
  ],
  providers: [Transactions],
  exports: [Transactions],
})
export class DatabaseModule {}
