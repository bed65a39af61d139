import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../config/settings.js';

const defaultPort = 3000;
const attempts = 20;

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

/**
 * Listens on the port that is set. Where none is set, the default port may be taken by somebody
 * else's program: then the next free one will do.
 *
 * @returns the URL under which this machine reaches the service
 */
export async function listen(
  app: NestFastifyApplication,
  { port, host }: Settings,
): Promise<string> {
  const first = port ?? defaultPort;
  const last = port ?? defaultPort + attempts - 1;
  for (let candidate = first; ; candidate += 1) {
    try {
      await app.listen(candidate, host);
      break;
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (candidate === last) throw new Error(`PORT ${first} is taken. Set PORT to another one.`);
    }
  }
  const address = app.getHttpServer().address() as { port: number };
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${address.port}`;
}
