/** What services of this worker logged at the level "warn" or above, the newest last. */
const lines: string[] = [];

/** Of more than these, the oldest are dropped. */
const most = 20;

/** pino's number of the level "warn". */
const warn = 40;

export function noteLogged(line: string): void {
  const { level } = JSON.parse(line) as { level: number };
  if (level < warn) return;
  lines.push(line);
  if (lines.length > most) lines.shift();
}

/** Those since the last call. */
export const takeTroubles = (): string => lines.splice(0).join('');
