import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SettingsError, type Settings } from '../config/settings.js';

const defaultPort = 3000;
const attempts = 20;

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

/** Names the setting that keeps the service from listening, if it is one. */
function refusal(error: unknown, port: number, host: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
      return new SettingsError(
        `PORT ${port} is reserved for privileged users. Set PORT to one from 1024 on.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SettingsError(
        `HOST ${host} is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.`,
      );
    default:
      return error;
  }
}

/**
 * Listens on the port that is set. If none is set and another program uses the default port, it takes
 * the next free one.
 *
 * @throws SettingsError when it cannot listen on the address and port that are set
 * @returns the URL under which this machine reaches the service
 */
export async function listen(
  app: NestFastifyApplication,
  { port, host }: Settings,
): Promise<string> {
  await app.init();
  // Not `app.listen`, which logs each port that is taken as an error.
  const server = app.getHttpAdapter().getInstance();
  const first = port ?? defaultPort;
  const last = port ?? defaultPort + attempts - 1;
  for (let candidate = first; ; candidate += 1) {
    try {
      await server.listen({ port: candidate, host });
      break;
    } catch (error) {
      if (!isTaken(error)) throw refusal(error, candidate, host);
      if (candidate === last) {
        throw new SettingsError(
          `PORT ${first} is taken by another program. Stop that program, or set PORT to another port.`,
        );
      }
    }
  }
  const address = app.getHttpServer().address() as { port: number };
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${address.port}`;
}
