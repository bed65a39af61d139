#!/usr/bin/env node
// Committed, and not compiled: npm links a command only if its file is there when packages are installed.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('keyfence is not compiled yet. Run: npm run build:packages\n');
  process.exitCode = 1;
}
