import type { Settings } from '../config/settings.js';
import { runCommand, UsageError } from './command.js';

const defaultPort = 3000;

const help = `Usage: npm run login-link -- <e-mail address> [--operator]

Prints a link with which this person signs in to the console. It works once, within 15 minutes. It is for
KEYFENCE_PUBLIC_URL or, without that setting, for the service that runs on the same data directory.

  --operator  makes the person an operator first; a person who is not known yet is created
  --help      prints this text

Example: npm run login-link -- ada@example.com
`;

/** Of the service that runs, or of the one that will. */
async function addressOf({ dataDir, port = defaultPort }: Settings): Promise<string> {
  const { runningAddress } = await import('../bootstrap/address.js');
  const running = await runningAddress(dataDir);
  if (running !== undefined) return running;
  const url = `http://127.0.0.1:${port}`;
  process.stderr.write(`No service runs on the data in ${dataDir}: the link is for ${url}\n`);
  return url;
}

await runCommand({
  help,
  allowPositionals: true,
  options: { operator: { type: 'boolean', default: false } },
  run: async ({ values, positionals }) => {
    const [given, ...others] = positionals;
    if (given === undefined) throw new UsageError('The e-mail address is missing.');
    if (others.length > 0) throw new UsageError('There is more than one e-mail address.');
    const { toEmailAddress } = await import('../common/fields.js');
    const email = toEmailAddress(given);
    if (email === undefined) throw new UsageError(`${given} is not an e-mail address.`);

    const { withInstallation } = await import('./with-installation.js');
    const { withApplication } = await import('./with-application.js');
    const { Operators } = await import('../bootstrap/operators.js');
    const { SignInLinks } = await import('../sessions/sign-in-links.js');
    await withInstallation((settings) =>
      withApplication(settings, async (app) => {
        if (values.operator) await app.get(Operators).admit(email);
        const url = settings.publicUrl ?? (await addressOf(settings));
        const link = await app.get(SignInLinks).make(email, url, 'command');
        if (link === undefined) throw new Error(`No active person has the address ${email}.`);
        process.stdout.write(`\n  ${link}\n\n  Works once, within 15 minutes.\n\n`);
      }),
    );
  },
});
