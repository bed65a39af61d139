import { setTimeout as sleep } from 'node:timers/promises';
import { newToken } from '../../src/sessions/token.js';
import { RawClient } from '../flood/raw-client.js';

/** Calls that somebody makes without a pause. */
export interface NoiseTask {
  port: number;
  /** A PATCH renames what it is about. */
  method: 'GET' | 'PATCH' | 'DELETE';
  path: string;
  /** The lines of the head that show a credential; sessions that nobody has, another one each time, without them. */
  credential?: string;
  /** So many are open at a time. */
  calls: number;
  /** Whether a refused call waits as long as Retry-After says. */
  isPatient: boolean;
}

function requestOf({ port, method, path, credential }: NoiseTask, turn: number): string {
  const body = method === 'PATCH' ? JSON.stringify({ name: `name ${turn}` }) : '';
  const shown = credential ?? `Cookie: __Host-keyfence=${newToken('session')}`;
  const type = method === 'PATCH' ? 'Content-Type: application/json\r\n' : '';
  return (
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${shown}\r\n${type}` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** Goes on until the process is ended. Reports how many responses had which status, each second. */
async function call(task: NoiseTask): Promise<void> {
  const client = new RawClient(task.port, task.calls);
  const statuses: Record<string, number> = {};
  let turn = 0;
  setInterval(() => process.send?.(statuses), 1_000);
  const run = async () => {
    for (;;) {
      turn += 1;
      const status = await client.send(requestOf(task, turn)).catch(() => 0);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (task.isPatient && status === 429) await sleep(1_000);
    }
  };
  await Promise.all(Array.from({ length: task.calls }, run));
}

await call(JSON.parse(process.argv[2] ?? '') as NoiseTask);
