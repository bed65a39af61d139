import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createService } from './service.js';

/** Runs nginx.conf, and the service behind it, with Keyfence and ports as the environment says. */
const { KEYFENCE_URL = 'http://127.0.0.1:3000', PATH = '', PORT = '4000' } = process.env;
/** Debian installs nginx where an ordinary user's PATH does not lead. */
const path = [PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter);

const service = createService();
await once(service.listen(0, '127.0.0.1'), 'listening');

const folder = await mkdtemp(join(tmpdir(), 'keyfence-nginx-'));
await mkdir(join(folder, 'tmp'));
const configuration = (await readFile(new URL('nginx.conf', import.meta.url), 'utf8'))
  .replace('127.0.0.1:3000', new URL(KEYFENCE_URL).host)
  .replace('127.0.0.1:4001', `127.0.0.1:${service.address().port}`)
  .replace('127.0.0.1:4000', `127.0.0.1:${PORT}`);
await writeFile(join(folder, 'nginx.conf'), configuration);

const args = ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off;'];
const nginx = spawn('nginx', args, { env: { ...process.env, PATH: path }, stdio: 'inherit' });
nginx.on('spawn', () => {
  console.log(`Listening on http://127.0.0.1:${PORT}`);
});
nginx.on('error', ({ code, message }) => {
  console.error(
    code === 'ENOENT'
      ? 'nginx is not installed: install it first, for example with "sudo apt install nginx".'
      : `nginx does not start: ${message}`,
  );
});
nginx.on('close', (code) => {
  service.close();
  service.closeAllConnections();
  process.exitCode = code ?? 1;
  void rm(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => nginx.kill('SIGQUIT'));
