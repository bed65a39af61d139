import type { Change, Reading } from './history.js';

/** Checks the number (`authSeq`) that each response reports against time, in one sweep. */
export class Numbers {
  /** The greatest number that was reported so far. */
  private reported = 0;
  /** The greatest number of a change that has begun, as it was reported later. */
  private newest = 0;
  /** Numbers that changes which have begun may have taken without a response. */
  private spare = 0;
  /** Numbers that jobs may take for them, by the targets of changes. */
  private readonly later = new Map<string, number>();
  /** When the change that took a number began. */
  private readonly begins = new Map<number, number>();
  private readonly taken = new Set<number>();

  constructor(changes: readonly Change[]) {
    for (const { authSeq, begin } of changes) {
      if (authSeq !== undefined) this.begins.set(authSeq, begin);
    }
  }

  /** @returns what no later response may be below */
  begin(operation: Change | Reading): number {
    if (operation.type === 'change' && operation.result !== 'refused') {
      const { authSeq, attempts, target, later = 0 } = operation;
      this.newest = Math.max(this.newest, authSeq ?? 0);
      this.spare += authSeq === undefined ? attempts : attempts - 1;
      if (later > (this.later.get(target) ?? 0)) this.later.set(target, later);
    }
    return this.reported;
  }

  /** @returns what is wrong with the number, if something is */
  end(operation: Change | Reading, floor: number): string | undefined {
    const { authSeq } = operation;
    if (operation.type === 'change' && operation.result === 'ok') {
      const { target, later } = operation;
      if (later !== undefined) this.later.set(target, later);
    }
    if (authSeq === undefined) return undefined;
    const wrong =
      operation.type === 'change'
        ? this.ofChange(authSeq, floor)
        : this.ofReading(authSeq, floor, operation.end);
    this.reported = Math.max(this.reported, authSeq);
    return wrong;
  }

  private ofChange(authSeq: number, floor: number): string | undefined {
    if (this.taken.has(authSeq)) return `took the number ${authSeq}, which another change took`;
    this.taken.add(authSeq);
    if (authSeq > floor) return undefined;
    return `took the number ${authSeq}, but ${floor} was reported before it began`;
  }

  private ofReading(authSeq: number, floor: number, end: number): string | undefined {
    if (authSeq < floor) {
      return `was judged at ${authSeq}, but ${floor} was reported before it began`;
    }
    const begun = this.begins.get(authSeq);
    if (begun !== undefined && begun > end) {
      return `was judged at ${authSeq}, which a change took that began afterwards`;
    }
    const ofJobs = [...this.later.values()].reduce((sum, numbers) => sum + numbers, 0);
    const limit = this.newest + this.spare + ofJobs;
    if (authSeq <= limit) return undefined;
    return `was judged at ${authSeq}, but no change can have gone past ${limit}`;
  }
}
