import { rows } from './setting-parts.js';
import { readSettings } from './settings.js';

/**
 * The settings that apply, a line for each: `NAME=value  (default | set)`, without secrets.
 *
 * @throws SettingsError as `readSettings` does
 */
export function showSettings(variables: NodeJS.ProcessEnv = process.env): string[] {
  const values = new Map<string, unknown>(Object.entries(readSettings(variables)));
  return rows.map(({ name, field, unset, mask }) => {
    const value = values.get(field);
    const isSet = Boolean(variables[name]);
    const shown = isSet ? [value].flat().map(mask).join(',') : (unset ?? String(value));
    // No value can look like a line of its own, or control the terminal.
    const line = shown.replace(/\p{Cc}/gu, encodeURIComponent);
    return `${name}=${line}  (${isSet ? 'set' : 'default'})`;
  });
}
