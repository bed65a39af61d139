import { runCommand } from './command.js';

const help = `Usage: npm run operator-key

Makes a new operator with a key, for when all operator keys are lost. The key is written to the file
operator-key in the data directory (KEYFENCE_DATA_DIR), and printed if the output is a terminal.

  --help  prints this text

Example: npm run operator-key
`;

await runCommand({
  help,
  options: {},
  run: async () => {
    const { progress, withInstallation } = await import('./with-installation.js');
    const { withApplication } = await import('./with-application.js');
    const { OperatorKeyFile } = await import('../bootstrap/operator-key-file.js');
    const { Operators } = await import('../bootstrap/operators.js');
    await withInstallation((settings) =>
      withApplication(settings, async (app) => {
        const file = app.get(OperatorKeyFile);
        await app.get(Operators).recover(async (secret) => {
          await file.write(secret);
          if (process.stdout.isTTY) process.stdout.write(`\n  ${secret}\n\n`);
        });
        progress(`A new operator key is in ${file.path}. Revoke the lost ones with it.`);
      }),
    );
  },
});
