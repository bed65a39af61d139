import { commits } from './schedules/commits.js';
import { histories } from './schedules/histories.js';
import { outages } from './schedules/outages.js';
import { races } from './schedules/races.js';
import { removals } from './schedules/removals.js';
import { settings } from './schedules/settings.js';
import type { Schedule } from './stage.js';

/**
 * What random histories rarely meet, each in the order in which it is dangerous. Mutants meet them in this
 * order, so those that take longest come last.
 */
export const schedules: Readonly<Record<string, Schedule>> = {
  ...races,
  ...commits,
  ...removals,
  ...settings,
  ...outages,
  ...histories,
};
