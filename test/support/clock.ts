import { install, type Clock, type FakeMethod } from '@sinonjs/fake-timers';
import { stopSharedService } from './shared-service.js';

let held: Clock | undefined;

/** Stands in for these clocks of the service until `startClock`: they go on with `tick` alone. */
export async function holdClock(
  toFake: Extract<FakeMethod, 'Date' | 'setInterval' | 'setTimeout'>[],
  now: number = Date.now(),
): Promise<void> {
  // Timers that began before could not be cleared any more.
  await stopSharedService();
  // Jest's own fake timers would reach the test file alone, not the service.
  held = install({ toFake, now });
}

/** Lets so many milliseconds pass. */
export function tick(ms: number): void {
  held?.tick(ms);
}

export function startClock(): void {
  held?.uninstall();
  held = undefined;
}
