import { createOrganisation, type Organisation } from '../../test/support/organisation.js';
import { TcpProxy } from '../../test/support/tcp-proxy.js';
import { Client } from '../support/client.js';
import { createKeys } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite, type Service } from '../support/service.js';
import { quantile } from '../support/statistics.js';

const samples = options.samples ?? 200;

/** Keeps a node busy, with verifications and with changes in an organisation of its own. */
function keepBusy(node: Service, org: Organisation, stopped: AbortSignal): Promise<unknown> {
  const client = new Client(node.url, 10);
  const { key } = org.manager;
  const forEver = async (work: () => Promise<unknown>) => {
    while (!stopped.aborted) await work().catch(() => undefined);
  };
  const verify = () => client.send({ method: 'GET', path: '/v1/whoami', key });
  const change = async () => {
    const body = { name: 'passing', scope: 'read' };
    const path = org.path('/keys');
    const { text } = await client.send({ method: 'POST', path, key, body });
    const { id } = (JSON.parse(text) as { key: { id: string } }).key;
    await client.send({ method: 'DELETE', path: `${path}/${id}`, key });
  };
  const senders = [...Array(8).fill(verify), change, change] as (() => Promise<unknown>)[];
  return Promise.all(senders.map(forEver)).finally(() => {
    client.close();
  });
}

/** Revokes so many keys at a node, one after the other. */
async function revokeAll(node: Service, org: Organisation, times: number[]): Promise<void> {
  const keys = await createKeys(org, samples);
  const client = new Client(node.url, 1);
  for (const { id } of keys) {
    const path = org.path(`/keys/${id}`);
    const response = await client.send({ method: 'DELETE', path, key: org.manager.key });
    if (response.status !== 200) throw new Error(`the response to a revoke was ${response.status}`);
    times.push(response.milliseconds);
  }
  client.close();
}

/** Whether a revoke waits for a node that is stopped, or cut off from the database. */
const site = await createSite();
const proxy = await TcpProxy.start(site.databaseUrl);
const stop = new AbortController();
try {
  const near = await site.start();
  const far = await site.start({ DATABASE_URL: proxy.url(site.databaseUrl) });
  const [org, other] = [await createOrganisation(near), await createOrganisation(near)];
  const states = {
    'works as usual': { begin: () => undefined, end: () => undefined },
    'is stopped': {
      begin: () => {
        far.signal('SIGSTOP');
      },
      end: () => {
        far.signal('SIGCONT');
      },
    },
    'is cut off': {
      begin: () => {
        proxy.silence();
      },
      end: () => proxy.heal(),
    },
  };
  const all = Object.entries(states).map(([name, state]) => ({
    name,
    state,
    times: [] as number[],
  }));
  const busy = keepBusy(far, other, stop.signal);
  await revokeAll(near, org, []);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { state, times } of all) {
      state.begin();
      await revokeAll(near, org, times);
      await state.end();
    }
  }
  stop.abort();
  await busy;
  console.log(`${options.rounds} rounds of ${samples} revokes, one after the other\n`);
  console.log('| the other node | revoke, ms: p50 | p99 | max |');
  console.log('| --- | --- | --- | --- |');
  for (const { name, times } of all) {
    const cells = [0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(1));
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
} finally {
  stop.abort();
  await site.remove();
  await proxy.close();
}
