import { setTimeout as sleep } from 'node:timers/promises';
import type { Organisation } from '../../test/support/organisation.js';
import { Client } from '../support/client.js';
import { options } from '../support/options.js';
import type { Service } from '../support/service.js';
import { quantile } from '../support/statistics.js';

export const samples = options.samples ?? 400;
/** Milliseconds between two revokes. */
const interval = 50;

export interface Revokes {
  times: number[];
  failed: number;
}

/** Revokes keys one after the other, until there are none or nobody waits for it any more. */
export async function revoke(
  service: Service,
  org: Organisation,
  keys: { id: string }[],
  isOver: () => boolean = () => false,
): Promise<Revokes> {
  const client = new Client(service.url, 1);
  const found: Revokes = { times: [], failed: 0 };
  for (let key = keys.pop(); key !== undefined && !isOver(); key = keys.pop()) {
    const path = org.path(`/keys/${key.id}`);
    const response = await client.send({ method: 'DELETE', path, key: org.manager.key });
    found.times.push(response.milliseconds);
    if (response.status !== 200) found.failed += 1;
    await sleep(interval);
  }
  client.close();
  return found;
}

export function report(what: string, { times, failed }: Revokes): void {
  const cells = [0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(1));
  console.log(`| ${what} | ${times.length} | ${cells.join(' | ')} | ${failed} |`);
}

export function reportHead(): void {
  console.log('| revokes in another organisation | how many | ms: p50 | p99 | max | failed |');
  console.log('| --- | --- | --- | --- | --- | --- |');
}
