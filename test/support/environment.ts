import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** What the runner hands to the test files. */
function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run tests with "npm test"`);
  return value;
}

/** Whether the larger counts are wanted (`npm run test:full`). */
export const isFull = process.env.KEYFENCE_TEST_FULL === '1';

/** `small` in `npm test`, `large` in `npm run test:full`. */
export const count = (small: number, large: number): number => (isFull ? large : small);

export function databaseUrl(name: string): string {
  const url = new URL(variable('KEYFENCE_TEST_SERVER'));
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: variable('KEYFENCE_TEST_SERVER') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of the test's own, with the schema and no rows. */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const template = variable('KEYFENCE_TEST_TEMPLATE');
  const name = `${template}_${randomBytes(5).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}
