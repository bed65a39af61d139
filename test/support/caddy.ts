import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '@keyfence/embedded-postgres';
import { startProgram, type Example } from './example.js';
import { projectRoot } from './project.js';

/** The service of the example with nginx, which says what has reached it. */
export async function exampleService(): Promise<Server> {
  const { href } = pathToFileURL(join(projectRoot, 'examples/nginx/service.js'));
  const { createService } = (await import(href)) as { createService: () => Server };
  return createService();
}

/**
 * Caddy as docs/gateways.md configures it, but for addresses, in front of a service that says what
 * has reached it.
 *
 * @param change what else somebody does to the configuration of that page
 */
export async function startCaddy(
  keyfenceUrl: string,
  change = (configuration: string) => configuration,
): Promise<Example> {
  const service = await exampleService();
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const { port } = service.address() as AddressInfo;

  const url = `http://127.0.0.1:${await freePort()}`;
  const page = await readFile(join(projectRoot, 'docs/gateways.md'), 'utf8');
  const [, documented = ''] = /```caddyfile\n([^]*?)```/.exec(page) ?? [];
  const configuration = change(documented)
    .replace('example.com', url)
    .replace('keyfence:3000', new URL(keyfenceUrl).host)
    .replace('telemetry:8080', `127.0.0.1:${port}`);
  const folder = await mkdtemp(join(tmpdir(), 'keyfence-caddy-'));
  // Its interface for administration has the same port everywhere.
  await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${configuration}`);

  const own = { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  const program = startProgram(folder, ['caddy', 'run'], own);
  return {
    ...program,
    url,
    stop: async () => {
      await program.stop();
      service.close();
      service.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
