import { type Change, type Line, type Reading, type Subject, type Trouble } from './history.js';
import { Numbers } from './numbers.js';
import { ResponseTimes } from './response-times.js';
import { States } from './states.js';
import { Switches, type Before } from './switches.js';

/**
 * - `stale accept`: a key was valid, or held a permission, after a change that denies it had succeeded
 * - `inversion`: the same, after a response that shows that the change had taken effect
 * - `valid key refused`: a key was not valid, or lacked a permission, though nothing had denied it
 * - `number`: `authSeq` does not fit what was reported before, or the decision does not fit `authSeq`
 * - `response`: a status that is never due, or none within the time that is allowed
 */
export type Rule = 'stale accept' | 'inversion' | 'valid key refused' | 'number' | 'response';

export interface Finding {
  rule: Rule;
  text: string;
  operation: Change | Reading;
}

type Operation = Change | Reading;

/** What was known when an operation began. */
interface Start {
  floor: number;
  needs: Before[];
  /** For each permission. */
  holds: Before[][];
  lacks: Before[][];
}

/**
 * Checks a history against the promise, in one sweep over the beginnings and ends of all operations.
 * Requests that overlap may get responses as if in either order; not what ended before another began.
 */
export function check(lines: readonly Line[]): Finding[] {
  const operations = lines.filter(
    (line): line is Operation => line.type === 'read' || line.type === 'change',
  );
  const sweep = new Sweep(lines);
  const byBegin = operations.toSorted((a, b) => a.begin - b.begin);
  const byEnd = operations.filter(({ end }) => end !== null);
  byEnd.sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
  let next = 0;
  for (const ending of byEnd) {
    for (; next < byBegin.length; next += 1) {
      const beginning = byBegin[next];
      if (beginning === undefined || beginning.begin > (ending.end ?? 0)) break;
      sweep.begin(beginning);
    }
    sweep.end(ending);
  }
  return sweep.findings;
}

class Sweep {
  readonly findings: Finding[] = [];
  private readonly subjects: Map<string, Subject>;
  private readonly switches = new Switches();
  private readonly numbers: Numbers;
  private readonly states: States;
  private readonly responseTimes: ResponseTimes;
  private readonly starts = new Map<Operation, Start>();

  constructor(lines: readonly Line[]) {
    const keys = lines.filter((line): line is Subject => line.type === 'key');
    this.subjects = new Map(keys.map((key) => [key.id, key]));
    const changes = lines.filter((line): line is Change => line.type === 'change');
    this.numbers = new Numbers(changes);
    this.states = new States(changes);
    this.responseTimes = new ResponseTimes(
      lines.filter((line): line is Trouble => line.type === 'trouble'),
    );
  }

  begin(operation: Operation): void {
    const floor = this.numbers.begin(operation);
    if (operation.type === 'change') {
      this.starts.set(operation, { floor, needs: [], holds: [], lacks: [] });
      this.states.begin(operation, floor);
      if (operation.result === 'refused') return;
      const until = operation.end ?? Infinity;
      for (const name of operation.on) widen(this.switches.get(name).on, until);
      for (const name of operation.off) widen(this.switches.get(name).off, until);
      return;
    }
    const { needs } = this.subject(operation);
    const before = (names: readonly string[]) => names.map((name) => this.switches.before(name));
    this.starts.set(operation, {
      floor,
      needs: before(needs),
      holds: operation.holds.map((one) => before(this.switchesOf(operation, one))),
      lacks: operation.lacks.map((one) => before(this.switchesOf(operation, one))),
    });
  }

  end(operation: Operation): void {
    const start = this.starts.get(operation);
    if (start === undefined) throw new Error('an operation ends that has not begun');
    this.starts.delete(operation);
    const number = this.numbers.end(operation, start.floor);
    if (number !== undefined) this.add('number', operation, number);
    const response = this.responseTimes.check(operation);
    if (response !== undefined) this.add('response', operation, response);
    if (operation.type === 'change') this.apply(operation);
    else this.judge(operation, start);
  }

  private apply({ result, begin, on, off }: Change): void {
    if (result !== 'ok') return;
    for (const name of on) raise(this.switches.get(name).on, 'changedSince', begin);
    for (const name of off) raise(this.switches.get(name).off, 'changedSince', begin);
  }

  private judge(reading: Reading, start: Start): void {
    const { needs } = this.subject(reading);
    if (reading.result === 'invalid')
      this.expectSomeOff(reading, needs, start.needs, 'is not valid');
    if (reading.result !== 'valid') return;
    this.expectOn(reading, needs, start.needs, 'is valid');
    for (const [index, permission] of reading.holds.entries()) {
      const names = this.switchesOf(reading, permission);
      this.expectOn(reading, names, start.holds[index] ?? [], `holds ${permission}`);
    }
    for (const [index, permission] of reading.lacks.entries()) {
      const names = this.switchesOf(reading, permission);
      this.expectSomeOff(reading, names, start.lacks[index] ?? [], `lacks ${permission}`);
    }
  }

  /** All of the switches were on at some instant of the reading. */
  private expectOn(
    reading: Reading,
    names: readonly string[],
    before: readonly Before[],
    claim: string,
  ): void {
    for (const [index, name] of names.entries()) {
      this.expectState(reading, [name], true, claim);
      const { on } = this.switches.get(name);
      const { offChangedSince = 0, offSeenSince = 0 } = before[index] ?? {};
      if (offChangedSince > on.until) {
        this.add('stale accept', reading, `${claim}, but ${name} had been turned off`);
      } else if (offSeenSince > on.until) {
        this.add('inversion', reading, `${claim}, but ${name} had been seen off`);
      } else {
        raise(on, 'seenSince', reading.begin);
      }
    }
  }

  /** One of the switches was off at some instant of the reading. */
  private expectSomeOff(
    reading: Reading,
    names: readonly string[],
    before: readonly Before[],
    claim: string,
  ): void {
    this.expectState(reading, names, false, claim);
    const possible = names
      .map((name) => this.switches.get(name))
      .filter(({ off }, index) => (before[index]?.onSince ?? 0) <= off.until);
    const [only] = possible;
    if (only === undefined) {
      this.add('valid key refused', reading, `${claim}, but ${names.join(', ')} had been on`);
    } else if (possible.length === 1) {
      raise(only.off, 'seenSince', reading.begin);
    }
  }

  /** By the number that was reported, one of the switches was so. */
  private expectState(
    reading: Reading,
    names: readonly string[],
    isOn: boolean,
    claim: string,
  ): void {
    const { authSeq } = reading;
    if (authSeq === undefined) return;
    if (names.some((name) => this.states.isOn(name, authSeq) !== !isOn)) return;
    const text = `${claim}, but at ${authSeq} ${names.join(', ')} was ${isOn ? 'off' : 'on'}`;
    this.add('number', reading, text);
  }

  private subject({ key }: Reading): Subject {
    const subject = this.subjects.get(key);
    if (subject === undefined) throw new Error(`nobody knows the key ${key}`);
    return subject;
  }

  private switchesOf(reading: Reading, permission: string): readonly string[] {
    return this.subject(reading).permissions[permission] ?? [''];
  }

  private add(rule: Rule, operation: Operation, text: string): void {
    this.findings.push({ rule, text, operation });
  }
}

function widen(side: { until: number }, until: number): void {
  side.until = Math.max(side.until, until);
}

function raise<T extends 'changedSince' | 'seenSince'>(
  side: Record<T, number>,
  field: T,
  time: number,
): void {
  side[field] = Math.max(side[field], time);
}
