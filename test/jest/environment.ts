import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';
import { takeTroubles } from '../support/recent-log.js';

/** Test files have built-in objects of their own. These they share with what is lent to them. */
const shared = { Date, Error, Map, RangeError, Reflect, Set, SyntaxError, TypeError };

/** Where test files run: with a way to what `lend.ts` has them borrow. */
export default class LendingEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, shared, { requireOutside: createRequire(import.meta.url) });
  }

  /** A response that nobody expected has its reason in the log. */
  handleTestEvent({ name }: { name: string }): void {
    if (name === 'test_start') takeTroubles();
    const troubles = name === 'test_fn_failure' ? takeTroubles() : '';
    if (troubles !== '') process.stderr.write(`Logged meanwhile:\n${troubles}`);
  }
}
