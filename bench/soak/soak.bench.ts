import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { createKeys, createLargeOrganisation, createVerifyingKey } from '../support/keys.js';
import { sendAtFullSpeed, sendAtRate, type Tally } from '../support/load.js';
import { options } from '../support/options.js';
import { createSite, type Service } from '../support/service.js';
import { median } from '../support/statistics.js';
import { Mix } from './mix.js';

const { minutes } = options;
const connections = 50;
const keys = 500;
/** Seconds of full load: some for the service to warm up, some that count. */
const warmUp = 10;
const fullLoad = 20;
/** Seconds between two looks at the memory. */
const interval = 10;
/** The minute after which memory is to stay what it is; earlier in a run that is only a trial. */
const settled = Math.min(5, Math.floor(minutes / 3));

interface Sample {
  minute: number;
  bytes: number;
}

async function watchMemory(service: Service): Promise<Sample[]> {
  const start = performance.now();
  const samples: Sample[] = [];
  for (let second = interval; second <= minutes * 60; second += interval) {
    await sleep(start + second * 1_000 - performance.now());
    const bytes = await service.metric('process_resident_memory_bytes');
    samples.push({ minute: second / 60, bytes });
    if (second % 60 === 0) console.log(`minute ${second / 60}: ${mebibytes(bytes)}`);
  }
  return samples;
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The median over the minute that ends here: a single look may fall before or after a collection. */
function memoryAt(samples: Sample[], end: number): number {
  const within = samples.filter(({ minute }) => minute > end - 1 && minute <= end);
  return median(within.map(({ bytes }) => bytes));
}

function report(samples: Sample[], tally: Tally, cpuShare: number): void {
  const before = memoryAt(samples, settled + 1);
  const after = memoryAt(samples, minutes);
  const growth = ((after / before - 1) * 100).toFixed(1);
  const greatest = Math.max(...samples.map(({ bytes }) => bytes));
  console.log(`\n| | |\n| --- | --- |`);
  console.log(`| resident memory, minute ${settled} to ${settled + 1} | ${mebibytes(before)} |`);
  console.log(`| resident memory, last minute | ${mebibytes(after)} (${growth} %) |`);
  console.log(`| greatest | ${mebibytes(greatest)} |`);
  console.log(`| requests | ${tally.requests} |`);
  console.log(`| errors | ${tally.errors} |`);
  console.log(
    `| p50, p99 | ${tally.percentile(50).toFixed(1)}, ${tally.percentile(99).toFixed(1)} ms |`,
  );
  console.log(`| the server's CPU | ${(cpuShare * 100).toFixed(0)} % of a core |`);
  if (tally.errors > 0) console.log(`\nfirst error: ${tally.firstError}`);
}

/** Whether the service needs more memory the longer it runs, under half of what it can take. */
const site = await createSite();
try {
  const service = await site.start();
  const org = await createLargeOrganisation(site, service);
  const secrets = (await createKeys(org, keys)).map(({ secret }) => secret);
  const client = new Client(service.url, connections);
  const mix = new Mix(client, { org, secrets, caller: await createVerifyingKey(service) });
  const send = () => mix.send();

  await sendAtFullSpeed(send, connections, warmUp);
  const full = await sendAtFullSpeed(send, connections, fullLoad);
  const rate = Math.round(full.requests / fullLoad / 2);
  console.log(
    `full load ${rate * 2} requests/s, ${full.errors} errors; now ${minutes} minutes at ${rate}/s\n`,
  );

  const before = await service.cpu();
  const stop = new AbortController();
  const sending = sendAtRate(send, rate, stop.signal);
  const samples = await watchMemory(service).finally(() => {
    stop.abort();
  });
  const tally = await sending;
  client.close();
  report(samples, tally, ((await service.cpu()) - before) / (minutes * 60e6));
} finally {
  await site.remove();
}
