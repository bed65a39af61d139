import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '../support/client.js';
import { createKeys, createLargeOrganisation, createVerifyingKey } from '../support/keys.js';
import { sendAtRate, type Tally } from '../support/load.js';
import { options } from '../support/options.js';
import { firstMessage } from '../support/script.js';
import { createSite, type Service, type Site } from '../support/service.js';
import type { FloodResult, FloodTask } from './flooder.js';

const { rate, seconds = 60 } = options;
/** Requests with valid keys, each second. */
const validRate = 500;
const validKeys = 100;
/** Seconds of valid keys alone: some for the service to warm up, some that count. */
const warmUp = 5;
const quiet = 10;

/** The greatest numbers of connections that were seen. */
class Connections {
  verification = 0;
  management = 0;
  /** Of both, as the database counts them. */
  database = 0;

  async watch({ db }: Site, service: Service, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { rows } = await db.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'keyfence'`,
      );
      this.database = Math.max(this.database, rows[0]?.n ?? 0);
      for (const pool of ['verification', 'management'] as const) {
        const open = await service.metric(`keyfence_pool_connections{pool="${pool}"}`);
        this[pool] = Math.max(this[pool], open);
      }
      await sleep(500);
    }
  }
}

/** Requests of clients and protected services with valid keys, in turn. */
function validTraffic(client: Client, secrets: readonly string[], caller: string) {
  let turn = 0;
  return async (): Promise<void> => {
    turn += 1;
    const key = secrets[turn % secrets.length] ?? '';
    const response = await client.send(
      turn % 2 === 0
        ? { method: 'GET', path: '/v1/whoami', key }
        : { method: 'POST', path: '/v1/verify', key: caller, body: { key } },
    );
    if (response.status !== 200 || response.text.includes('"valid":false')) {
      throw new Error(`${response.status} ${response.text}`);
    }
  };
}

async function flood(service: Service, caller: string): Promise<FloodResult> {
  const task: FloodTask = { port: Number(new URL(service.url).port), caller, rate, seconds };
  const script = fileURLToPath(new URL('./flooder.js', import.meta.url));
  const child = fork(script, [JSON.stringify(task)]);
  try {
    return await firstMessage<FloodResult>(child);
  } finally {
    child.kill('SIGKILL');
  }
}

function report(before: Tally, during: Tally, result: FloodResult, seen: Connections): void {
  const latency = (tally: Tally) =>
    `${tally.percentile(50).toFixed(1)}, ${tally.percentile(99).toFixed(1)}`;
  const statuses = Object.entries(result.statuses).map(([status, n]) => `${n} × ${status}`);
  console.log(`| | before | during the flood |\n| --- | --- | --- |`);
  console.log(`| valid keys: p50, p99 ms | ${latency(before)} | ${latency(during)} |`);
  console.log(`| valid keys: responses | ${before.requests} | ${during.requests} |`);
  console.log(`| valid keys: no response, or refused | ${before.errors} | ${during.errors} |`);
  console.log(`| flood: responses of ${rate}/s | | ${result.responsesPerSecond.toFixed(0)}/s |`);
  console.log(`| flood: responses by status | | ${statuses.join(', ')} |`);
  console.log(`| flood: no response | | ${result.withoutResponse} |`);
  console.log(
    `| connections of verifications, of changes | | ${seen.verification}, ${seen.management} |`,
  );
  console.log(`| connections that the database saw | | ${seen.database} |`);
  const error = before.firstError ?? during.firstError ?? result.firstError;
  if (error !== undefined) console.log(`\nfirst error: ${error}`);
}

/** What a flood of unknown keys does to those who have valid ones. */
const site = await createSite();
try {
  const service = await site.start({
    KEYFENCE_TRUSTED_PROXIES: '127.0.0.1',
    KEYFENCE_MAX_FAILED_AUTHENTICATIONS: '100',
  });
  const org = await createLargeOrganisation(site, service);
  const secrets = (await createKeys(org, validKeys)).map(({ secret }) => secret);
  const caller = await createVerifyingKey(service);
  const client = new Client(service.url, 50);
  const send = validTraffic(client, secrets, caller);
  await sendAtRate(send, validRate, AbortSignal.timeout(warmUp * 1_000));
  const before = await sendAtRate(send, validRate, AbortSignal.timeout(quiet * 1_000));

  const stop = new AbortController();
  const seen = new Connections();
  const watching = seen.watch(site, service, stop.signal);
  const sending = sendAtRate(send, validRate, stop.signal);
  const result = await flood(service, caller).finally(() => {
    stop.abort();
  });
  const during = await sending;
  await watching;
  client.close();
  report(before, during, result, seen);
} finally {
  await site.remove();
}
