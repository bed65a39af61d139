import { randomInt } from 'node:crypto';
import { createVerifyingKey } from '../support/keys.js';
import { Client, type HttpResponse, type Call } from '../support/client.js';
import { options } from '../support/options.js';
import { createSite } from '../support/service.js';
import { median, quantile, seededRandom, welch } from '../support/statistics.js';
import { byKind, createRefusedKeys, inRandomOrder, kinds, type Kind } from './refused-keys.js';

const samples = options.samples ?? 20_000;
const seed = options.seed ?? randomInt(2 ** 32);
/** Requests of each kind that are sent before it counts. */
const warmUp = Math.min(1_000, samples);
/** Keys of each kind. */
const keys = 50;
/** Clients side by side, each over one connection: refusals are held back, and one would take long. */
const clients = 4;
/** Beyond this a difference is taken for real: the usual bound of tests for leaks through time. */
const threshold = 4.5;
/** The share of the fastest responses that is left when the slowest are cut off. */
const share = 0.95;

type Times = Record<Kind, number[]>;

/** All that a client sees of a response but its time, and the two values that are never the same. */
function fingerprint({ status, rawHeaders, text }: HttpResponse): string {
  const headers = rawHeaders.map((value, index) => {
    const name = rawHeaders[index - 1]?.toLowerCase();
    return index % 2 === 1 && (name === 'date' || name === 'x-request-id') ? '…' : value;
  });
  return [status, ...headers, text].join('\n');
}

/** @throws when one response differs from the others in more than its time */
async function collect(
  url: string,
  secrets: Record<Kind, string[]>,
  random: () => number,
  callFor: (secret: string) => Call,
): Promise<Times> {
  const times = byKind(() => [] as number[]);
  let expected: string | undefined;
  const ask = async (client: Client, kind: Kind) => {
    const secret = secrets[kind][Math.floor(random() * keys)] ?? '';
    const response = await client.send(callFor(secret));
    const seen = fingerprint(response);
    expected ??= seen;
    if (seen !== expected) throw new Error(`${kind}: ${seen}\n\nwhere before: ${expected}`);
    return response.milliseconds * 1_000;
  };
  const askAll = (order: Kind[], keep: (kind: Kind, time: number) => void) =>
    Promise.all(
      Array.from({ length: clients }, async () => {
        const client = new Client(url, 1);
        for (let kind = order.pop(); kind !== undefined; kind = order.pop()) {
          keep(kind, await ask(client, kind));
        }
        client.close();
      }),
    );
  await askAll(inRandomOrder(warmUp, random), () => undefined);
  await askAll(inRandomOrder(samples, random), (kind, time) => times[kind].push(time));
  return times;
}

/** Cuts off the slowest, by one bound for all kinds together. */
function cut(times: Times): Times {
  const bound = quantile(Object.values(times).flat(), share);
  return byKind((kind) => times[kind].filter((time) => time <= bound));
}

function report(times: Times): void {
  const fastest = cut(times);
  const medians = kinds.map((kind) => `${kind} ${median(times[kind]).toFixed(0)}`);
  console.log(`medians in µs: ${medians.join(', ')}\n`);
  console.log(`| pair | µs | t | µs, fastest ${share * 100} % | t, fastest ${share * 100} % |`);
  console.log('| --- | --- | --- | --- | --- |');
  const errors: number[] = [];
  let largest = 0;
  for (const [index, first] of kinds.entries()) {
    for (const second of kinds.slice(index + 1)) {
      const raw = welch(times[first], times[second]);
      const rest = welch(fastest[first], fastest[second]);
      const cells = [raw, rest].map(
        ({ difference, t }) => `${difference.toFixed(1)} | ${t.toFixed(2)}`,
      );
      console.log(`| ${first} – ${second} | ${cells.join(' | ')} |`);
      errors.push(rest.error);
      largest = Math.max(largest, Math.abs(raw.t), Math.abs(rest.t));
    }
  }
  const comparison = largest < threshold ? 'below' : 'NOT below';
  console.log(`\nlargest |t| ${largest.toFixed(2)}, ${comparison} ${threshold};`);
  const visible = (threshold * median(errors)).toFixed(1);
  console.log(`${visible} µs among the fastest ${share * 100} % would have reached it`);
}

/** Whether the time of a refusal shows why a key was refused. */
const site = await createSite();
try {
  const service = await site.start();
  const random = seededRandom(seed);
  const secrets = await createRefusedKeys(site, service, keys, random);
  const caller = await createVerifyingKey(service);
  const routes: Record<string, (secret: string) => Call> = {
    'GET /v1/whoami': (key) => ({ method: 'GET', path: '/v1/whoami', key }),
    'POST /v1/verify': (key) => ({
      method: 'POST',
      path: '/v1/verify',
      key: caller,
      body: { key },
    }),
  };
  console.log(`${samples} requests of each kind, in random order (--seed ${seed})`);
  for (const [route, callFor] of Object.entries(routes)) {
    const times = await collect(service.url, secrets, random, callFor);
    console.log(`\n### ${route}\n\nstatus, headers and bytes of all responses are the same`);
    report(times);
  }
} finally {
  await site.remove();
}
