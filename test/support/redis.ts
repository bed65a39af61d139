import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { isFull } from './environment.js';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** Why tests that need a Redis server of their own are skipped; false when they are not. */
export const noOwnRedis =
  isInstalled || isFull ? false : 'redis-server is not installed; npm run test:full needs it';

/** A Redis server of the test's own. */
export interface OwnRedis extends AsyncDisposable {
  url: string;
  /** Sends it a signal, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once, with all that it holds. */
  kill(): Promise<void>;
  /** Ends it permanently. */
  stop(): Promise<void>;
  /** Starts it again under the same URL, empty. */
  restart(): Promise<void>;
  /** Runs one command. */
  run(command: string, ...args: string[]): Promise<unknown>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** @throws when it ends instead, with what it wrote */
async function launch(port: number, dir: string, options: readonly string[]) {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const child = spawn('redis-server', [...args, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`redis-server has ended:\n${output}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return child;
}

/** @param options of redis-server, such as `--maxmemory-policy` */
export async function startRedis(...options: string[]): Promise<OwnRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'keyfence-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess = await launch(port, dir, options);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const stop = async () => {
    await kill();
    await rm(dir, { recursive: true, force: true });
  };
  return {
    url,
    kill,
    stop,
    signal: (signal) => child.kill(signal),
    restart: async () => {
      child = await launch(port, dir, options);
    },
    run: async (command, ...args) => {
      const client = new Redis(url);
      try {
        return await client.call(command, ...args);
      } finally {
        client.disconnect();
      }
    },
    [Symbol.asyncDispose]: stop,
  };
}
