import { DataSource } from 'typeorm';
import { migrations } from '../../src/database/migrations/index.js';
import type { Database } from './environment.js';

/** Undoes all migrations of a database behind this one: as a release left it whose last one it was. */
export async function takeBack({ adminUrl: url }: Database, last: string): Promise<void> {
  const options = { type: 'postgres', url, migrations, installExtensions: false } as const;
  const dataSource = await new DataSource(options).initialize();
  const newest = async () => {
    const rows = await dataSource.query<{ name: string }[]>(
      'SELECT name FROM migrations ORDER BY id DESC LIMIT 1',
    );
    return rows[0]?.name;
  };
  try {
    while ((await newest()) !== last) await dataSource.undoLastMigration({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}
