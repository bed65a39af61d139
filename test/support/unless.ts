import { describe, it } from '@jest/globals';

/** Why something is skipped; false when it is not. */
export type Reason = string | false;

const withReason = (title: string, why: string) => `${title} (skipped: ${why})`;

/** `describe`, or one that is skipped, with the reason in its title. */
export function describeUnless(why: Reason, title: string, tests: () => void): void {
  if (why === false) describe(title, tests);
  else describe.skip(withReason(title, why), tests);
}

/** `it`, or one that is skipped, with the reason in its title. */
export function itUnless(why: Reason, title: string, test: () => Promise<void>): void {
  if (why === false) it(title, test);
  else it.skip(withReason(title, why), test);
}
