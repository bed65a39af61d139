import type { Change, Reading, Trouble } from './history.js';

/**
 * How long a response may take, in milliseconds, on a node that runs. Every wait ends after 10 s at
 * most; on a machine that several nodes and all their clients share, a response comes later.
 */
const timeoutMs = 30_000;

/** Checks that each request got a response that can be due, and in time. */
export class ResponseTimes {
  constructor(private readonly troubles: readonly Trouble[]) {}

  /** @returns what is wrong with the response, if something is */
  check(operation: Change | Reading): string | undefined {
    if (operation.type === 'change') return statusOfRefusal(operation);
    const { result, status, begin, end } = operation;
    if (result === 'wrong') return `got a response with ${status}`;
    if (result === 'hung') return 'never got a response';
    if (end - begin <= timeoutMs || result === 'lost') return undefined;
    const waited = this.runningTime(operation);
    return waited > timeoutMs ? `took ${Math.round(waited)} ms` : undefined;
  }

  /** How long the node worked on it: without the time that it was stopped, on its own clock. */
  private runningTime({ node, begin, end }: Reading): number {
    let time = end - begin;
    for (const trouble of this.troubles) {
      if (trouble.node !== node && trouble.node !== -1) continue;
      const overlap = Math.min(end, trouble.end) - Math.max(begin, trouble.begin);
      if (overlap <= 0) continue;
      time -= overlap * (1 - Math.min(1, trouble.rate ?? 1));
    }
    return time;
  }
}

/** A change is refused for what it asks; its object can be gone only by an attempt before. */
function statusOfRefusal({ status, attempts }: Change): string | undefined {
  if (status === undefined || [400, 403, 409, 422].includes(status)) return undefined;
  return status === 404 && attempts > 1 ? undefined : `was refused with ${status}`;
}
