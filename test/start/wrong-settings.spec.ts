import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { createDatabase, whyNoPasswords, type Database } from '../support/environment.js';
import { inTime } from '../support/eventually.js';
import { launchProcess } from '../support/process.js';
import { itUnless } from '../support/unless.js';

const noPasswords = await whyNoPasswords();

describe('a start with a setting that cannot be used', () => {
  let database: Database;
  let folder: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase();
    folder = await mkdtemp(join(tmpdir(), 'keyfence-wrong-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
      KEYFENCE_DATA_DIR: folder,
    };
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The only error that the process logs. It ends with code 1. */
  async function onlyError(variables: Record<string, string>): Promise<string> {
    const { exited, end, output } = launchProcess({ ...environment, ...variables });
    const failure = () => new Error(`it goes on:\n${output()}`);
    try {
      expect(await inTime(() => exited, 60_000, failure)).toEqual([1, null]);
    } finally {
      await end('SIGKILL');
    }
    const lines = output().trim().split('\n');
    const errors = lines
      .map((line) => JSON.parse(line) as { level: number; msg: string })
      .filter(({ level }) => level >= 50);
    // The time and the level besides the message: no stack.
    expect(errors).toEqual([{ level: 60, time: expect.any(Number), msg: expect.any(String) }]);
    return errors[0]?.msg ?? '';
  }

  /** The URL of the database with other parts. */
  const changed = (parts: Partial<URL>) => Object.assign(new URL(database.url), parts).toString();

  it.each(['embedded', 'other'])(
    'names KEYFENCE_DATA_DIR at a first start: %s database',
    async (kind) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      const dataDir = join(file, 'data');
      const variables: Record<string, string> = kind === 'embedded' ? { DATABASE_URL: '' } : {};
      expect(await onlyError({ ...variables, KEYFENCE_DATA_DIR: dataDir })).toBe(
        `KEYFENCE_DATA_DIR cannot be used: this user cannot write to the folder ${dataDir} (ENOTDIR). ` +
          'Change its owner, or choose another folder.',
      );
    },
  );

  it('names PORT when another program has it, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await onlyError({ PORT: String(port) })).toBe(
      `PORT ${port} is taken by another program. Stop that program, or set PORT to another port.`,
    );
    server.close();
  });

  it('names PORT and what is allowed when it is none', async () => {
    expect(await onlyError({ PORT: 'http' })).toMatch(/^PORT is not valid\. Allowed: a TCP port/);
  });

  it('names HOST when it is no address of this machine', async () => {
    expect(await onlyError({ HOST: '192.0.2.1' })).toBe(
      'HOST 192.0.2.1 is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.',
    );
  });

  const wrong = 'not-the-password';

  itUnless(
    noPasswords,
    'names DATABASE_URL when its password is wrong, and does not show it',
    async () => {
      const message = await onlyError({ DATABASE_URL: changed({ password: wrong }) });
      expect(message).toMatch(
        /^DATABASE_URL cannot be used: PostgreSQL on \S+ refuses the user or the password\. Correct them\.$/,
      );
      expect(message).not.toContain(wrong);
    },
  );

  it('names DATABASE_URL when there is no such user, and does not show the password', async () => {
    const user = { username: 'nobody_of_this_name', password: wrong };
    const message = await onlyError({ DATABASE_URL: changed(user) });
    // A server that trusts passwords says that there is no such role.
    const refusal =
      noPasswords === false
        ? 'refuses the user or the password. Correct them.'
        : 'refuses the connection: role "nobody_of_this_name" does not exist.';
    expect(message).toMatch(/^DATABASE_URL cannot be used: PostgreSQL on \S+ refuses/);
    expect(message.slice(message.indexOf('refuses'))).toBe(refusal);
    expect(message).not.toContain(wrong);
  });

  it('names DATABASE_URL when there is no such database', async () => {
    expect(await onlyError({ DATABASE_URL: changed({ pathname: '/nowhere' }) })).toMatch(
      /^DATABASE_URL cannot be used: PostgreSQL on \S+ has no database of this name\. /,
    );
  });

  it.each(['DATABASE_URL', 'DATABASE_MIGRATION_URL'])(
    'names %s when nothing listens',
    async (name) => {
      const port = String(await freePort());
      const { hostname } = new URL(database.url);
      expect(await onlyError({ [name]: changed({ port }) })).toBe(
        `${name} cannot be used: nothing listens on ${hostname}:${port}. Start PostgreSQL there, or correct host and port.`,
      );
    },
  );
});
