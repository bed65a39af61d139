// `npm run start:dev`: the service, restarted after each change of src by `nest start --watch`.
//
// Nest restarts a service by ending it with all its descendants. So the embedded PostgreSQL is a child
// of this process, and the service joins it like a second service on the same data directory.
//
// Usage: node scripts/dev.js [flags of nest start]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openInstallation } from '../dist/bootstrap/installation.js';
import { readSettings } from '../dist/config/settings.js';

const nestProgram = fileURLToPath(import.meta.resolve('@nestjs/cli/bin/nest.js'));
// Without a shell in between, signals reach the service.
const nestArgs = ['start', '--watch', '--preserveWatchOutput', '--no-shell'];

const installation = await openInstallation(readSettings(), console.error);
console.error(
  'Watching src. The console is built once, before this: start again after changing it.',
);
const nest = spawn(process.execPath, [nestProgram, ...nestArgs, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
nest.once('exit', (code) => {
  void installation.stop().then(() => process.exit(code ?? 0));
});

function stop() {
  clearInterval(parentWatch);
  nest.kill('SIGTERM');
  // Repeated: a service that is being restarted is started before Nest ends it.
  setInterval(() => nest.kill('SIGTERM'), 1_000);
}
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
// npm does not hand down every signal.
const parent = process.ppid;
const parentWatch = setInterval(() => {
  if (process.ppid !== parent) stop();
}, 500);
