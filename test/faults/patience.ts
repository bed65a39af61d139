import type { Change, Reading, Trouble } from './history.js';

/** How long an answer may take, in milliseconds, on a node that runs. */
export const patience = 10_000;

/** Checks that each request got an answer that can be due, and in time. */
export class Patience {
  constructor(private readonly troubles: readonly Trouble[]) {}

  /** @returns what is wrong with the answer, if something is */
  check(operation: Change | Reading): string | undefined {
    if (operation.type === 'change') return statusOfRefusal(operation);
    const { result, status, begin, end } = operation;
    if (result === 'wrong') return `was answered with ${status}`;
    if (result === 'hung') return 'was never answered';
    if (end - begin <= patience || result === 'lost') return undefined;
    const waited = this.runningTime(operation);
    return waited > patience ? `took ${Math.round(waited)} ms` : undefined;
  }

  /** How long the node worked on it: without the time that it was stopped, on its own clock. */
  private runningTime({ node, begin, end }: Reading): number {
    let time = end - begin;
    for (const trouble of this.troubles) {
      if (trouble.node !== node && trouble.node !== -1) continue;
      const overlap = Math.min(end, trouble.end) - Math.max(begin, trouble.begin);
      if (overlap <= 0) continue;
      if (trouble.kind === 'stop') time -= overlap;
      else if (trouble.rate !== undefined) time -= overlap * (1 - Math.min(1, trouble.rate));
    }
    return time;
  }
}

/** A change is refused for what it asks; its object can be gone only by an attempt before. */
function statusOfRefusal({ status, attempts }: Change): string | undefined {
  if (status === undefined || [400, 403, 409, 422].includes(status)) return undefined;
  return status === 404 && attempts > 1 ? undefined : `was refused with ${status}`;
}
