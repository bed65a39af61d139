import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@keyfence/embedded-postgres';
import { projectRoot } from '../../test/support/project.js';

/** nginx in front of a service, alone or asking Keyfence. Argument: where Keyfence is. */
const [keyfence = ''] = process.argv.slice(2);

const service = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"hello":"world"}');
});
await once(service.listen(0, '127.0.0.1'), 'listening');
const { port: servicePort } = service.address() as AddressInfo;
const port = await freePort();

const folder = await mkdtemp(join(tmpdir(), 'keyfence-nginx-'));
await mkdir(join(folder, 'tmp'));
const example = await readFile(join(projectRoot, 'examples', 'nginx', 'nginx.conf'), 'utf8');
const configuration = example
  .replace('127.0.0.1:3000', keyfence === '' ? '127.0.0.1:1' : new URL(keyfence).host)
  .replace('127.0.0.1:4001', `127.0.0.1:${servicePort}`)
  .replace('127.0.0.1:4000', `127.0.0.1:${port}`)
  .replace('auth_request /keyfence;', keyfence === '' ? '' : '$&');
await writeFile(join(folder, 'nginx.conf'), configuration);
const args = ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off;'];
const nginx = spawn('nginx', args, { stdio: 'inherit' });
process.on('SIGTERM', () => {
  nginx.kill('SIGTERM');
});
nginx.on('exit', () => {
  void rm(folder, { recursive: true, force: true }).then(() => process.exit());
});

const url = `http://127.0.0.1:${port}`;
while (
  !(await fetch(`${url}/telemetry`).then(
    () => true,
    () => false,
  ))
) {
  await sleep(20);
}
// What the service takes; nginx is not in it.
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ url });
