import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/**
 * Below the ports that systems use for outgoing connections. While the server is down for a moment,
 * none of those can take its port, and a client that reconnects cannot reach itself.
 */
const FIRST = 20_000;
const LAST = 32_000;

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port was found on 127.0.0.1 between ${FIRST} and ${LAST}`);
}

/** Whether nobody listens on the port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** The port of the last run. */
export async function rememberedPort(file: string): Promise<number | undefined> {
  const port = Number(await readFile(file, 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 1023 && port < 65_536 ? port : undefined;
}

/** Stores the port for the next run. */
export async function rememberPort(file: string, port: number): Promise<void> {
  if ((await rememberedPort(file)) === port) return;
  await writeFile(file, `${port}\n`, { mode: 0o600 });
}
