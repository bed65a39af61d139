import { newSecret } from '../../src/common/secret.js';
import { sendAtRate } from '../support/load.js';
import { RawClient } from './raw-client.js';

export interface FloodTask {
  port: number;
  /** The key of a protected service. */
  caller: string;
  /** Requests each second. */
  rate: number;
  seconds: number;
}

export interface FloodResult {
  responsesPerSecond: number;
  /** How many responses had which status. */
  statuses: Record<string, number>;
  withoutResponse: number;
  firstError: string | undefined;
}

/** One of 16 million clients behind a proxy. */
function address(): string {
  const bits = Math.floor(Math.random() * 2 ** 24);
  return `10.${bits >> 16}.${(bits >> 8) & 255}.${bits & 255}`;
}

/** Somebody who tries a key. */
const whoami = () =>
  `GET /v1/whoami HTTP/1.1\r\nHost: keyfence\r\nX-Forwarded-For: ${address()}\r\n` +
  `Authorization: Bearer ${newSecret('kf')}\r\n\r\n`;

/** A protected service that was shown a key. */
function verify(caller: string): string {
  const body = JSON.stringify({ key: newSecret('kf') });
  return (
    `POST /v1/verify HTTP/1.1\r\nHost: keyfence\r\nAuthorization: Bearer ${caller}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** Sends well-formed keys that nobody knows, each of them once. */
async function flood({ port, caller, rate, seconds }: FloodTask): Promise<FloodResult> {
  const client = new RawClient(port, 1_000);
  const statuses: Record<string, number> = {};
  let turn = 0;
  const send = async () => {
    turn += 1;
    const status = await client.send(turn % 2 === 0 ? whoami() : verify(caller));
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const begin = performance.now();
  const tally = await sendAtRate(send, rate, AbortSignal.timeout(seconds * 1_000));
  const responsesPerSecond = tally.requests / ((performance.now() - begin) / 1_000);
  client.close();
  return {
    responsesPerSecond,
    statuses,
    withoutResponse: tally.errors,
    firstError: tally.firstError,
  };
}

process.send?.(await flood(JSON.parse(process.argv[2] ?? '') as FloodTask));
