import type { Finding } from './checker.js';
import { large } from './crowds.js';
import { rowsOfResponse } from './filler.js';
import type { Change, Line, Reading, Trouble } from './history.js';
import type { Outcome } from './scenario.js';

const isReading = (line: Line): line is Reading => line.type === 'read';
const isChange = (line: Line): line is Change => line.type === 'change';
const isTrouble = (line: Line): line is Trouble => line.type === 'trouble';

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const list = (counts: Map<string, number>) =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';

/** "p50 1.2, p99 8.1, max 30 ms" of these durations. */
function quantiles(durations: number[]): string {
  if (durations.length === 0) return 'none';
  const sorted = Float64Array.from(durations).sort();
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  const show = (value = 0) => value.toFixed(value < 100 ? 1 : 0);
  return `p50 ${show(at(0.5))}, p99 ${show(at(0.99))}, max ${show(at(1))} ms (${sorted.length})`;
}

const duration = ({ begin, end }: Reading) => end - begin;
const overlaps = (a: { begin: number; end: number }, b: { begin: number; end: number }) =>
  a.begin < b.end && b.begin < a.end;

function changesByKind(changes: readonly Change[]): string[] {
  const kinds = countBy(changes, ({ kind }) => kind);
  return [...kinds.keys()].map((kind) => {
    const results = countBy(
      changes.filter((change) => change.kind === kind),
      ({ result }) => result,
    );
    return `  ${kind.padEnd(18)} ${list(results)}`;
  });
}

/** How long after the way to the database was cut a node still accepted what was asked afterwards. */
function longestAcceptAfterCut(readings: readonly Reading[], troubles: readonly Trouble[]): number {
  let longest = 0;
  for (const { kind, node, begin, end } of troubles) {
    if (!['silence', 'cut', 'refuse', 'sleep, cut off', 'sleep, silence'].includes(kind)) continue;
    for (const reading of readings) {
      if (reading.node !== node || reading.result !== 'valid') continue;
      if (reading.begin < begin || reading.end > end) continue;
      longest = Math.max(longest, reading.end - begin);
    }
  }
  return longest;
}

/** By kind of trouble: how long after its end the first decision came, of each node it had harmed. */
function recoveries(readings: readonly Reading[], troubles: readonly Trouble[]): string[] {
  const times = new Map<string, number[]>();
  for (const { kind, node, end } of troubles) {
    const first = readings.find(
      (reading) =>
        (node === -1 || reading.node === node) &&
        reading.begin >= end &&
        (reading.result === 'valid' || reading.result === 'invalid'),
    );
    if (first === undefined) continue;
    times.set(kind, [...(times.get(kind) ?? []), first.end - end]);
  }
  return [...times].sort().map(([kind, each]) => `  ${kind.padEnd(26)} ${quantiles(each)}`);
}

function revokes(changes: readonly Change[], troubles: readonly Trouble[]): string[] {
  const done = changes.flatMap(({ kind, node, begin, end, result }) =>
    kind === 'key.revoke' && result === 'ok' && end !== null ? [{ node, begin, end }] : [],
  );
  const during = (revoke: (typeof done)[number]) =>
    troubles.filter((trouble) => overlaps(trouble, revoke));
  const calm = done.filter((revoke) => during(revoke).length === 0);
  const besideStopped = done.filter((revoke) => {
    const found = during(revoke);
    const isElsewhere = ({ kind, node }: Trouble) => kind === 'stop' && node !== revoke.node;
    return found.length > 0 && found.every(isElsewhere);
  });
  const times = (some: { begin: number; end: number }[]) =>
    quantiles(some.map(({ begin, end }) => end - begin));
  return [`  nothing wrong: ${times(calm)}`, `  another node stopped: ${times(besideStopped)}`];
}

/** Of what the promise was once broken in. */
function extremes(changes: readonly Change[], troubles: readonly Trouble[]): [string, number][] {
  const removals = changes.filter(({ kind, result, off }) => {
    return kind === 'crowd.remove' && result === 'ok' && off.length > large;
  });
  const long = troubles.filter(({ rows = 0 }) => rows > rowsOfResponse);
  return [
    [`removals of ${large} keys or more`, removals.length],
    [
      `sleeps across more than ${rowsOfResponse} rows`,
      new Set(long.map(({ begin }) => begin)).size,
    ],
  ];
}

const shown = 5;

const nodesOf = (findings: readonly Finding[]) =>
  countBy(findings, ({ operation: { node } }) => (node < 0 ? 'database' : `node ${node}`));

function findingLines(findings: readonly Finding[]): string[] {
  return [...countBy(findings, ({ rule }) => rule)].flatMap(([rule, count]) => [
    `${rule}: ${count} (${list(nodesOf(findings.filter((finding) => finding.rule === rule)))})`,
    ...findings
      .filter((finding) => finding.rule === rule)
      .slice(0, shown)
      .map(({ operation, text }) => {
        const { kind, node, begin, end } = operation;
        const target = operation.type === 'read' ? operation.key : operation.target;
        const span = `${begin.toFixed(1)}–${end?.toFixed(1) ?? '?'} ms`;
        return `  ${kind} ${target} at node ${node}, ${span}: ${text}`;
      }),
  ]);
}

/** What one history was made of, and what is wrong with it. */
export function describe({ seed, lines, findings, log }: Outcome): string {
  const readings = lines.filter(isReading);
  const changes = lines.filter(isChange);
  const troubles = lines.filter(isTrouble);
  const decided = readings.filter(({ result }) => result === 'valid' || result === 'invalid');
  return [
    `seed ${seed}`,
    `verifications: ${readings.length} (${list(countBy(readings, ({ result }) => result))})`,
    `  decided: ${quantiles(decided.map(duration))}`,
    `  503: ${quantiles(readings.filter(({ result }) => result === 'unavailable').map(duration))}`,
    `changes: ${changes.length}`,
    ...changesByKind(changes),
    `troubles: ${list(countBy(troubles, ({ kind }) => kind))}`,
    ...extremes(changes, troubles).map(([name, count]) => `${name}: ${count}`),
    `longest from a cut to an accept of what was asked after it: ${longestAcceptAfterCut(readings, troubles).toFixed(1)} ms`,
    'from the end of a trouble to the first decision:',
    ...recoveries(readings, troubles),
    'revocations:',
    ...revokes(changes, troubles),
    ...findingLines(findings),
    ...log.slice(0, shown),
  ].join('\n');
}

/** Counts over several histories, which are too large to be stored. */
export class Totals {
  private findings: readonly Finding[] = [];
  private neverDue = 0;
  private readonly readings = new Map<string, number>();
  private readonly changes = new Map<string, number>();
  private readonly troubles = new Map<string, number>();
  private readonly extremes = new Map<string, number>();

  add({ lines, findings, log }: Outcome): void {
    this.findings = this.findings.concat(findings);
    this.neverDue += log.length;
    addCounts(
      this.readings,
      countBy(lines.filter(isReading), ({ result }) => result),
    );
    addCounts(
      this.changes,
      countBy(lines.filter(isChange), ({ kind }) => kind),
    );
    addCounts(
      this.troubles,
      countBy(lines.filter(isTrouble), ({ kind }) => kind),
    );
    addCounts(this.extremes, new Map(extremes(lines.filter(isChange), lines.filter(isTrouble))));
  }

  get areSound(): boolean {
    return this.findings.length === 0 && this.neverDue === 0;
  }

  /** The last line is the one that matters. */
  toString(): string {
    return [
      `verifications: ${sum(this.readings)} (${list(this.readings)})`,
      `changes: ${sum(this.changes)} (${list(this.changes)})`,
      `troubles: ${sum(this.troubles)} (${list(this.troubles)})`,
      ...[...this.extremes].map(([name, count]) => `${name}: ${count}`),
      ...(this.neverDue === 0 ? [] : [`${this.neverDue} lines of logs that are never due`]),
      resultLine(this.findings),
    ].join('\n');
  }
}

function addCounts(total: Map<string, number>, counts: Map<string, number>): void {
  for (const [name, count] of counts) total.set(name, (total.get(name) ?? 0) + count);
}

const sum = (counts: Map<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);

function resultLine(findings: readonly Finding[]): string {
  const count = (...rules: string[]) => findings.filter(({ rule }) => rules.includes(rule)).length;
  const line =
    `${count('stale accept')} stale accepts, ${count('valid key refused')} valid keys refused, ` +
    `${count('inversion')} inversions`;
  const others = count('number', 'response');
  return others === 0 ? line : `${line}, ${others} wrong numbers or responses`;
}
