import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openExistingInstallation } from '../../bootstrap/installation.js';
import { ownEnvironment } from '../../config/own-environment.js';
import { readSettings } from '../../config/settings.js';
import { createClient } from '../../database/connection.js';
import { progress } from '../with-installation.js';
import { Api } from './api.js';
import { markComplete, prepareFolder } from './folder.js';
import { manager, operator, organisations } from './plan.js';
import { seed } from './seed.js';
import { startService } from './service.js';

const dataDir = '.keyfence-demo';
const loginLink = fileURLToPath(new URL('../login-link.js', import.meta.url));

/**
 * Starts the demo, and ends with it.
 *
 * @throws when its folder cannot be used
 */
export async function runDemo(): Promise<void> {
  const env = ownEnvironment({ KEYFENCE_DATA_DIR: dataDir });
  const isNew = await prepareFolder(dataDir);
  const service = await startService(env, progress);
  if (service === undefined) return;
  const { url, ended } = service;
  const working = (isNew ? fill(url, env) : Promise.resolve()).then(() => welcome(url, env));
  // After Ctrl-C nobody waits for what is not finished.
  await Promise.race([working, ended]);
  process.exit(await ended);
}

/** A link with which this person signs in. */
async function linkOf(email: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [loginLink, email], { env });
  return (
    stdout
      .split('\n')
      .find((line) => line.includes('/sign-in#'))
      ?.trim() ?? ''
  );
}

async function fill(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  progress('Making organisations, people, keys and a month of use…');
  const key = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
  // It joins the PostgreSQL that the service runs.
  const installation = await openExistingInstallation(readSettings(env), () => undefined);
  const db = createClient(installation.settings.databaseUrl);
  try {
    await db.connect();
    const signIn = async (email: string) => Api.signIn(url, await linkOf(email, env));
    await seed({ operator: Api.withKey(url, key), signIn, db });
    await markComplete(dataDir);
  } finally {
    await db.end();
    await installation.stop();
  }
}

async function welcome(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const links = await Promise.all([manager, operator].map(({ email }) => linkOf(email, env)));
  process.stdout.write(`
The demo is ready at ${url}. Sign in with one of these links, each once, within 15 minutes:

  ${manager.name}, a manager of ${organisations[0].name}:
  ${links[0] ?? ''}

  ${operator.name}, an operator:
  ${links[1] ?? ''}

The next link, in another terminal:

  KEYFENCE_DATA_DIR=${dataDir} npm run login-link -- ${manager.email}

The data are in ${resolve(dataDir)}: delete the folder to start over. Ctrl-C stops the demo.
`);
}
