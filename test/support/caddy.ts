import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/database/embedded/port.js';
import { startProgram, type Example } from './example.js';
import { projectRoot } from './project.js';

/**
 * Caddy as docs/gateways.md configures it, but for addresses, in front of a service that says what
 * has reached it.
 */
export async function startCaddy(keyfenceUrl: string): Promise<Example> {
  const service = createServer(({ method, headers }, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ celsius: 21.4, method, headers }));
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const { port } = service.address() as AddressInfo;

  const url = `http://127.0.0.1:${await freePort()}`;
  const page = await readFile(join(projectRoot, 'docs/gateways.md'), 'utf8');
  const [, documented = ''] = /```caddyfile\n([^]*?)```/.exec(page) ?? [];
  const configuration = documented
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
