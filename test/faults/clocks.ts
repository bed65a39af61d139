import { existsSync, readdirSync } from 'node:fs';
import type { Clock } from './cluster.js';

/** A clock that a node can be started with. */
export interface WrongClock extends Clock {
  kind: string;
  /** How fast the timers of the node go with it; undefined when they go right. */
  rate?: number;
}

const hours = 3_600_000;
const injected = new URL('preload/clock.js', import.meta.url).href;

/** What JavaScript reads is wrong; timers go right. */
function inJavaScript(rate: number, shift: number): WrongClock {
  return {
    kind: `clock x${rate}, ${shift} h`,
    preload: [injected],
    variables: { FAULTS_CLOCK: `${rate},${shift * hours}` },
  };
}

/** What the whole process reads is wrong, timers included. */
function inProcess(library: string, rate: number, shift: number): WrongClock {
  const sign = shift < 0 ? '' : '+';
  return {
    kind: `libfaketime x${rate}, ${shift} h`,
    rate,
    variables: { LD_PRELOAD: library, FAKETIME: `${sign}${shift}h x${rate}` },
  };
}

function findLibrary(): string | undefined {
  if (!existsSync('/usr/lib')) return undefined;
  return readdirSync('/usr/lib')
    .map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`)
    .find((path) => existsSync(path));
}

const library = findLibrary();
const wrong: [rate: number, shift: number][] = [
  [0.2, 0],
  [5, 0],
  [1, 1],
  [1, -1],
];

/** With libfaketime where it is installed, and without it in any case. */
export const wrongClocks: readonly WrongClock[] = [
  ...wrong.map(([rate, shift]) => inJavaScript(rate, shift)),
  ...(library === undefined ? [] : wrong.map((clock) => inProcess(library, ...clock))),
];
