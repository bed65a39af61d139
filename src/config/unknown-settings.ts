import leven from 'leven';
import { rows } from './setting-parts.js';
import './settings-table.js';

/** Variables with our prefix that others read: clients in examples and docs, the guard, our tests. */
const ofOthers = /^KEYFENCE_(KEY|URL|API_KEY|SERVICE_KEY|TEST_.*)$/;
/** Number of letters that a misspelt name may differ in. */
const maxDistance = 6;

/**
 * A line for each variable that looks like a setting and is none, with the nearest name. Such a variable
 * is not an error: a newer or older release may know it.
 */
export function unknownSettings(variables: NodeJS.ProcessEnv = process.env): string[] {
  const names = rows.map(({ name }) => name).filter((name) => name.startsWith('KEYFENCE_'));
  const unknown = Object.keys(variables).filter(
    (name) => name.startsWith('KEYFENCE_') && !names.includes(name) && !ofOthers.test(name),
  );
  return unknown.map((name) => {
    const [nearest] = names
      .map((known) => ({ known, distance: leven(name, known, { maxDistance: maxDistance + 1 }) }))
      .filter(({ distance }) => distance <= maxDistance)
      .sort((a, b) => a.distance - b.distance);
    const advice =
      nearest === undefined
        ? 'See npm run config for all settings.'
        : `Do you mean ${nearest.known}?`;
    // A name can hold anything but "=": no line of its own, no control of the terminal.
    return `${name.replace(/\p{Cc}/gu, encodeURIComponent)} is not a setting, and is ignored. ${advice}`;
  });
}
