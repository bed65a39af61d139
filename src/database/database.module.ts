import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { Log } from '../telemetry/log.js';
import { typeormPool } from './connection.js';
import { Lanes } from './lanes.js';
import { ServerCheck } from './server-checks.js';
import { Transactions } from './transactions.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Settings, Log, ServerCheck],
      useFactory: (settings: Settings, { logger }: Log, server: ServerCheck) => ({
        type: 'postgres',
        // Only migrations, which were read by hand, change the schema.
        synchronize: false,
        installExtensions: false,
        autoLoadEntities: true,
        poolErrorHandler: (err: unknown) => {
          logger.warn({ err }, 'an idle database connection broke');
        },
        // The start has connected already, and now fails with PostgreSQL's error.
        toRetry: () => false,
        ...typeormPool(settings.databaseUrl, settings.managementConnections, server),
      }),
    }),
  ],
  providers: [
    Transactions,
    {
      provide: Lanes,
      inject: [DataSource, Settings, ServerCheck],
      useFactory: (ordinary: DataSource, settings: Settings, server: ServerCheck) =>
        Lanes.beside(ordinary, settings, server),
    },
  ],
  exports: [Lanes, Transactions],
})
export class DatabaseModule {
  /** @param server has checked the database before, and checks the connections of all pools */
  static forRoot(server: ServerCheck): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: ServerCheck, useValue: server }],
      exports: [ServerCheck],
    };
  }
}
