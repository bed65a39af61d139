/** The operator key, as long as it was not used. */
export interface OperatorKey {
  /** The file that it is in. */
  operatorKeyFile?: string | undefined;
  /** The key itself, at the first start alone. */
  operatorKey?: string | undefined;
}

/** What people want to know of a service that has just started. */
export interface Started extends OperatorKey {
  /** Where the console is. */
  url: string;
  /** Where the data are: a folder, or a database without its password. */
  data: string;
  /** Whether npm started this process, and so is there for the next command. */
  startedByNpm: boolean;
}

/** Prints a sign-in link. It is there in the checkout and in the image, which has no scripts. */
function nextStep({ startedByNpm }: Started): string {
  const command = startedByNpm ? 'npm run login-link --' : 'node dist/cli/login-link.js';
  return `${command} you@example.com --operator`;
}

/** For logs: fields of the line that says that the service is ready. No secret. */
export function readyFields(started: Started): Record<string, string | undefined> {
  const { url, data, operatorKeyFile } = started;
  const next = nextStep(started);
  return { console: url, docs: `${url}/docs`, data, operatorKeyFile, next, url };
}

/** For a terminal. */
export function banner(started: Started): string {
  const { url, data, operatorKey, operatorKeyFile } = started;
  const lines: [string, string][] = [
    ['Console', url],
    ['API', `${url}/docs`],
    ['Data', data],
  ];
  if (operatorKey !== undefined) lines.push(['Operator key', `${operatorKey} (shown once)`]);
  if (operatorKeyFile !== undefined) {
    const label = operatorKey === undefined ? 'Operator key' : '';
    lines.push([label, `in ${operatorKeyFile} until it is first used`]);
  }
  lines.push(['Next', nextStep(started)]);
  lines.push(['', 'in another terminal: prints a link that signs you in to the console']);
  const rows = lines.map(([label, text]) => `  ${label.padEnd(14)}${text}\n`);
  return `\nKeyfence is ready. Ctrl-C stops it; the data stay.\n\n${rows.join('')}\n`;
}
