import { runCommand } from './command.js';

const help = `Usage: npm run demo

Starts a service with organisations, people, keys and a month of use, and prints how to sign in. Its data are
in .keyfence-demo in the current folder, apart from those of any installation: delete the folder to start over.
Of the settings only PORT and HOST are read.

  --help  prints this text

Example: PORT=8080 npm run demo
`;

await runCommand({
  help,
  options: {},
  run: async () => {
    const { runDemo } = await import('./demo/run.js');
    await runDemo();
  },
});
