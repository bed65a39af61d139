import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { Client } from 'pg';

/** What the runner hands to the test files. */
function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run tests with "npm test"`);
  return value;
}

/** Whether nothing may be left out (`npm run test:full`). */
export const isFull = process.env.KEYFENCE_TEST_FULL === '1';

/** Why a test is left out that takes long; false in `npm run test:full`. */
export const onlyInFull = !isFull && 'in npm run test:full';

const whyMissing = (...[command, ...args]: [string, ...string[]]) =>
  !isFull && spawnSync(command, args).status !== 0 && `${command} is not installed`;

const isLarge = isFull && process.env.KEYFENCE_TEST_COUNTS !== 'small';

/** Each says why there is none; false when there is one, or has to be. */
export const noNginx = whyMissing('nginx', '-v');
export const noCaddy = whyMissing('caddy', 'version');
export const noOpenssl = whyMissing('openssl', 'version');
export const noPython = whyMissing('python3', '--version');
export const noGo = whyMissing('go', 'version');

/** `large` in `npm run test:full`, unless `KEYFENCE_TEST_COUNTS=small`. */
export const count = (small: number, large: number): number => (isLarge ? large : small);

/** What a test draws by lot from; `KEYFENCE_TEST_SEED` draws the same again. */
export const drawSeed = (): number => Number(process.env.KEYFENCE_TEST_SEED ?? randomInt(2 ** 31));

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Why a wrong password cannot be tried: some servers trust each user that they know. */
export async function whyNoPasswords(): Promise<string | false> {
  const url = Object.assign(new URL(variable('KEYFENCE_TEST_SERVER')), { password: 'wrong' });
  try {
    await onServer(url.toString(), 'SELECT');
    return 'the server checks no passwords';
  } catch {
    return false;
  }
}

/** A database of the test's own, with the schema and no rows. */
export interface Database {
  /** As whom the service connects. */
  url: string;
  /** As whom the test looks in: the server's superuser, where there is one to be had. */
  adminUrl: string;
  drop: () => Promise<void>;
  /** Another one with the same rows, as a backup has them. Nobody may be connected to this one. */
  copy: () => Promise<Database>;
}

export function createDatabase(): Promise<Database> {
  return copyOf(variable('KEYFENCE_TEST_TEMPLATE'));
}

/**
 * A database without anything, the schema included.
 *
 * @param options of CREATE DATABASE
 */
export function createEmptyDatabase(options = ''): Promise<Database> {
  return copyOf('template0', options);
}

async function copyOf(template: string, options = ''): Promise<Database> {
  const name = `${variable('KEYFENCE_TEST_TEMPLATE')}_${randomBytes(5).toString('hex')}`;
  const server = variable('KEYFENCE_TEST_SERVER');
  const admin = variable('KEYFENCE_TEST_ADMIN');
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template} ${options}`);
  return {
    url: databaseUrl(server, name),
    adminUrl: databaseUrl(admin, name),
    // Only a superuser can end what is left of a superuser's connections.
    drop: () => onServer(admin, `DROP DATABASE ${name} WITH (FORCE)`),
    copy: () => copyOf(name),
  };
}
