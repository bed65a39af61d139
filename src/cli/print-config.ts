import { runCommand } from './command.js';

const help = `Usage: npm run config

Prints the settings that a start would take from this environment, with secrets masked. Variables that look
like settings and are none are named on standard error.

  --help  prints this text

Example: PORT=8080 npm run config
`;

await runCommand({
  help,
  options: {},
  run: async () => {
    const { showSettings } = await import('../config/show-settings.js');
    const { unknownSettings } = await import('../config/unknown-settings.js');
    for (const line of unknownSettings()) process.stderr.write(`${line}\n`);
    process.stdout.write(`${showSettings().join('\n')}\n`);
  },
});
