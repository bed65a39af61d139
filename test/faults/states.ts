import type { Change } from './history.js';

/** A switch by the numbers of the changes that turned it. */
class Course {
  readonly turns: { at: number; isOn: boolean }[] = [];
  /** From the first number on, and before the second one, nobody knows how it stood. */
  readonly doubts: { from: number; before: number }[] = [];

  isOnAt(number: number): boolean | undefined {
    if (this.doubts.some(({ from, before }) => from <= number && number < before)) return undefined;
    return this.turns.findLast(({ at }) => at <= number)?.isOn ?? true;
  }
}

/**
 * How switches stood at each number. A decision that reports a number is the decision on that state,
 * also where time alone would allow another one.
 */
export class States {
  private readonly courses = new Map<string, Course>();

  constructor(changes: readonly Change[]) {
    for (const { authSeq: at, result, on, off } of changes) {
      if (at === undefined || result !== 'ok') continue;
      for (const name of on) this.course(name).turns.push({ at, isOn: true });
      for (const name of off) this.course(name).turns.push({ at, isOn: false });
    }
    for (const { turns } of this.courses.values()) turns.sort((a, b) => a.at - b.at);
  }

  /** @param reported the greatest number that was reported before the change began */
  begin({ authSeq, result, attempts, on, off }: Change, reported: number): void {
    if (result === 'refused') return;
    const isCertain = result === 'ok' && authSeq !== undefined;
    if (isCertain && attempts === 1) return;
    // The last attempt took the number that is known; one before may have done the work.
    const before = isCertain ? authSeq : Infinity;
    for (const name of [...on, ...off])
      this.course(name).doubts.push({ from: reported + 1, before });
  }

  /** Undefined when nobody knows. */
  isOn(name: string, number: number): boolean | undefined {
    const course = this.courses.get(name);
    return course === undefined ? true : course.isOnAt(number);
  }

  private course(name: string): Course {
    let course = this.courses.get(name);
    if (course === undefined) {
      course = new Course();
      this.courses.set(name, course);
    }
    return course;
  }
}
