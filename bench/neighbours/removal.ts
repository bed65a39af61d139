import { setTimeout as sleep } from 'node:timers/promises';
import { greatestBounds, setBounds } from '../../test/support/bounds.js';
import { insertKeys } from '../../test/support/many-keys.js';
import {
  addPerson,
  createOrganisation,
  type Organisation,
} from '../../test/support/organisation.js';
import { Client } from '../support/client.js';
import { createKeys } from '../support/keys.js';
import type { Service, Site } from '../support/service.js';
import { report, reportHead, revoke, samples, type Revokes } from './revokes.js';

const many = 20_000;
/** Waits until the row of each key says that it is revoked, and for how many milliseconds that took. */
async function untilRevoked({ db }: Site, userId: string, begin: number): Promise<number> {
  for (;;) {
    const { rowCount } = await db.query(
      'SELECT FROM api_keys WHERE owner_id = $1 AND revoked_at IS NULL LIMIT 1',
      [userId],
    );
    if (rowCount === 0) return performance.now() - begin;
    await sleep(200);
  }
}

/** Denies the keys of somebody with as many in each way that is a change of one row, and takes it back. */
async function denyLarge(service: Service, org: Organisation, leaked: string) {
  const { operator } = service;
  const user = `/v1/users/${org.manager.userId}`;
  const member = org.path(`/members/${org.manager.userId}`);
  // Somebody has to be left in charge.
  await addPerson(service, org.id, 'manager');
  const steps: [what: string, step: () => Promise<{ status: number }>][] = [
    ['one key is reported', () => operator.post('/v1/revoke', { key: leaked })],
    ['demoted', () => operator.put(member, { role: 'member', grants: null })],
    ['deactivated', () => operator.post(`${user}/deactivate`)],
    ['reactivated', () => operator.post(`${user}/reactivate`)],
    ['the organisation is suspended', () => operator.post(org.path('/suspend'))],
    ['and resumed', () => operator.post(org.path('/resume'))],
  ];
  const times: [what: string, milliseconds: number][] = [];
  for (const [what, step] of steps) {
    const begin = performance.now();
    const { status } = await step();
    if (status !== 200) throw new Error(`${what}: responded with ${status}`);
    times.push([what, performance.now() - begin]);
  }
  return times;
}

/** Whether others wait while the keys of a member with very many are revoked. */
export async function besideRemoval(site: Site): Promise<void> {
  const service = await site.start();
  const [org, other] = [await createOrganisation(service), await createOrganisation(service)];
  for (const each of [org, other]) await setBounds(service.operator, each, greatestBounds);
  const { userId } = org.member;
  await insertKeys(site.db, org, many, userId);
  const large = await createOrganisation(service);
  await setBounds(service.operator, large, greatestBounds);
  await insertKeys(site.db, large, many);
  const [leaked] = await createKeys(large, 1);
  const quiet = await revoke(service, other, await createKeys(other, samples));
  const spare = await createKeys(other, 5 * samples);

  const client = new Client(service.url, 1);
  const begin = performance.now();
  let isOver = false;
  const beside = revoke(service, other, spare, () => isOver);
  try {
    const path = org.path(`/members/${userId}`);
    const removed = await client.send({ method: 'DELETE', path, key: org.manager.key });
    if (removed.status !== 200)
      throw new Error(`the response to the removal was ${removed.status}`);
    const denied = await denyLarge(service, large, leaked?.secret ?? '');
    const took = await untilRevoked(site, userId, begin);
    isOver = true;
    print({ removed: removed.milliseconds, took, quiet, beside: await beside, denied });
  } finally {
    isOver = true;
    client.close();
    // What was thrown first says what went wrong.
    await beside.catch(() => undefined);
  }
}

interface Found {
  /** Milliseconds until the removal had its response, and until each row said so. */
  removed: number;
  took: number;
  quiet: Revokes;
  beside: Revokes;
  denied: [what: string, milliseconds: number][];
}

function print({ removed, took, quiet, beside, denied }: Found): void {
  console.log(`A member with ${many} keys is removed within ${removed.toFixed(0)} ms.`);
  console.log(`${(took / 1_000).toFixed(1)} s later the row of each key says so.\n`);
  reportHead();
  report('on their own', quiet);
  report('beside the removal', beside);
  console.log(`\n| of a manager with ${many} keys, beside the removal | ms |\n| --- | --- |`);
  for (const [what, milliseconds] of denied)
    console.log(`| ${what} | ${milliseconds.toFixed(0)} |`);
}
