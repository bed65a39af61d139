import { environment, givenVariables, presentation, readSettings } from './settings.js';

/**
 * The settings that hold, a line for each: `NAME=value  (default | set)`, without secrets.
 *
 * @throws SettingsError as `readSettings` does
 */
export function showSettings(variables: NodeJS.ProcessEnv = process.env): string[] {
  readSettings(variables);
  const given = givenVariables(variables);
  const values: Record<string, string | number | boolean | readonly string[] | undefined> =
    environment.parse(given);
  return Object.entries(environment.shape).map(([name, schema]) => {
    const { whenUnset, mask = String } = presentation.get(schema) ?? {};
    const value = values[name] ?? whenUnset ?? '';
    const shown = name in given ? [value].flat().map(mask).join(',') : String(value);
    // No value can look like a line of its own, or speak to the terminal.
    const line = shown.replace(/\p{Cc}/gu, encodeURIComponent);
    return `${name}=${line}  (${name in given ? 'set' : 'default'})`;
  });
}
