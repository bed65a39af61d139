import { exitOnFailure } from './bootstrap/process.js';
import { showSettings } from './config/show-settings.js';
import { createLogger } from './telemetry/logger.js';

/** Shows the settings that a start would take from this environment. */
const print = Promise.resolve().then(() => {
  for (const line of showSettings()) console.log(line);
});

await exitOnFailure(print, createLogger());
