import { describe, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { runCommand } from '../support/process.js';

const commands = {
  'login-link': 'npm run login-link -- ada@example.com',
  'operator-key': 'npm run operator-key',
  'audit-verify': 'npm run audit:verify -- --expect 1042:',
  'restore-mark': 'npm run restore-mark',
  'print-config': 'PORT=8080 npm run config',
  demo: 'PORT=8080 npm run demo',
};

/** Variables that no command gets past. */
const broken = { PORT: 'http' };

describe.each(Object.entries(commands))('%s', (command, example) => {
  it('--help prints how it is called, with an example, and reads no setting', async () => {
    const { code, output, errors } = await runCommand(command, broken, ['--help']);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^Usage: npm run /);
    expect(output).toContain(`\nExample: ${example}`);
  });

  it('wrong arguments end it with code 2, a line that says so, and the usage', async () => {
    const { output: help } = await runCommand(command, broken, ['--help']);
    const { code, output, errors } = await runCommand(command, broken, ['--loud']);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toBe(`Unknown option '--loud'.\n\n${help}`);
  });

  it('a wrong setting ends it with code 1 and a line that names it', async () => {
    const address = command === 'login-link' ? ['ada@example.com'] : [];
    const { code, output, errors } = await runCommand(command, broken, address);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^PORT is not valid\. Allowed: .*\n$/);
  });
});

describe('commands', () => {
  it.each([
    ['login-link', [], 'The e-mail address is missing.'],
    ['login-link', ['nobody', '--operator'], 'nobody is not an e-mail address.'],
    ['login-link', ['ada@example.com', 'bob'], 'There is more than one e-mail address.'],
    ['operator-key', ['ada'], "Unexpected argument 'ada'."],
  ])('%s %j: says what is wrong', async (command, args, what) => {
    const { code, errors } = await runCommand(command, broken, args);
    expect({ code, first: errors.split('\n')[0] }).toEqual({ code: 2, first: what });
  });

  it.each(['login-link', 'operator-key', 'audit-verify', 'restore-mark'])(
    '%s: a database that cannot be reached is one line',
    async (command) => {
      const port = await freePort();
      const environment = {
        DATABASE_URL: `postgres://keyfence@localhost:${port}/keyfence`,
        KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
      };
      const address = command === 'login-link' ? ['ada@example.com'] : [];
      const { code, output, errors } = await runCommand(command, environment, address);
      expect({ code, output }).toEqual({ code: 1, output: '' });
      expect(errors).toBe(
        `DATABASE_URL cannot be used: nothing listens on localhost:${port}. Start PostgreSQL there, or correct host and port.\n`,
      );
    },
  );
});
