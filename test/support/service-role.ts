import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Settings } from '../../src/config/settings.js';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import type { Service } from './service.js';

/** A role with the rights that a start gives to that of `DATABASE_URL`, and no others. */
export interface ServiceRole {
  name: string;
  client: Client;
  drop(): Promise<void>;
}

/** Makes such a role for the database of a service, as if somebody else owned the tables. */
export async function serviceRole({ db }: Service): Promise<ServiceRole> {
  const name = `keyfence_service_${randomBytes(4).toString('hex')}`;
  const migrationUrl = db.options.connectionString ?? '';
  const url = new URL(migrationUrl);
  url.username = name;
  url.password = 'service';
  const databaseUrl = url.toString();
  await db.query(`CREATE ROLE ${name} LOGIN PASSWORD 'service'`);
  await withPreparedDatabase(
    { databaseUrl, migrationUrl } as Settings,
    () => undefined,
    () => Promise.resolve(),
  );
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    name,
    client,
    drop: async () => {
      await client.end();
      await db.query(`DROP OWNED BY ${name}`);
      await db.query(`DROP ROLE ${name}`);
    },
  };
}
