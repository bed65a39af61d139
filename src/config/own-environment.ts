import { rows } from './setting-parts.js';
import './settings-table.js';

/** Where a service listens, which says nothing of the data that it works on. */
const harmless = ['PORT', 'HOST'];

/**
 * The environment of this process for a service with data of its own: without all settings that lead to
 * another database, queue or mail server.
 */
export function ownEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const names = rows.map(({ name }) => name).filter((name) => !harmless.includes(name));
  const kept = Object.entries(process.env).filter(([name]) => !names.includes(name));
  return { ...Object.fromEntries(kept), ...settings };
}
