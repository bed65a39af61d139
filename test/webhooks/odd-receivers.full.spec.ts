import { lookup } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDns } from '../support/dns.js';
import { noOpenssl } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { believeCertificates, OddReceivers, oddities } from '../support/odd-receivers.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { createWebhook } from '../support/webhooks.js';

interface Ended {
  state: string;
  reason: string | null;
}

/** Sends a test event to this URL. */
async function sendTestEvent(org: Organisation, url: string): Promise<string> {
  const { path } = await createWebhook(org, { url });
  const { body } = await org.manager.post(org.path(`${path}/ping`));
  return body.id as string;
}

/** What became of a delivery, when the first attempt has ended. */
function endOf({ db }: Service, id: string): Promise<Ended> {
  return eventually(async () => {
    const { rows } = await db.query<Ended>(
      `SELECT state, reason FROM deliveries
       WHERE id = $1 AND attempts = 1 AND reason IS DISTINCT FROM 'the attempt did not end'`,
      [id],
    );
    return rows[0];
  }, 30_000);
}

for (const protocol of ['http', 'https'] as const) {
  const skip = protocol === 'https' && noOpenssl;
  describeUnless(skip, `a receiver over ${protocol}`, () => {
    let service: Service;
    let receivers: OddReceivers;
    const deliveries = new Map<string, string>();

    beforeAll(async () => {
      // Else none would come to what is tested here.
      if (protocol === 'https') believeCertificates(true);
      receivers = await OddReceivers.start(protocol);
      service = await startService({ settings: { allowPrivateWebhooks: true } });
      const org = await createOrganisation(service);
      for (const [name, { act }] of Object.entries(oddities)) {
        deliveries.set(name, await sendTestEvent(org, await receivers.listen(act)));
      }
    });
    afterAll(async () => {
      believeCertificates(false);
      await service.stop();
      await receivers[Symbol.asyncDispose]();
    });

    for (const [name, { reason }] of Object.entries(oddities)) {
      it(`that ${name} does not keep the request open`, async () => {
        const ended = await endOf(service, deliveries.get(name) ?? '');
        if (reason === null) expect(ended).toEqual({ state: 'sent', reason });
        else if (typeof reason === 'string') expect(ended).toEqual({ state: 'waiting', reason });
        else expect(ended).toEqual({ state: 'waiting', reason: expect.stringMatching(reason) });
      });
    }

    it('is left behind, however it behaves', async () => {
      await receivers.untilLeft();
    });
  });
}

describe('a receiver that does not speak TLS', () => {
  it('does not keep the request open', async () => {
    await using receivers = await OddReceivers.start('http');
    const service = await startService({ settings: { allowPrivateWebhooks: true } });
    try {
      const org = await createOrganisation(service);
      const ends = {
        silent: await sendTestEvent(org, await receivers.listenWithoutTls(() => undefined)),
        plain: await sendTestEvent(
          org,
          await receivers.listenWithoutTls((socket) =>
            socket.end('HTTP/1.1 204 No Content\r\n\r\n'),
          ),
        ),
        dropping: await sendTestEvent(
          org,
          await receivers.listenWithoutTls((socket) => socket.destroy()),
        ),
      };
      const reasonOf = async (id: string) => (await endOf(service, id)).reason;
      expect(await reasonOf(ends.silent)).toBe('no response within 10 seconds');
      expect(await reasonOf(ends.plain)).toMatch(/wrong version number|packet length/);
      expect(await reasonOf(ends.dropping)).toMatch(/ECONNRESET|before secure TLS connection/);
      await receivers.untilLeft();
    } finally {
      await service.stop();
    }
  });
});

describe('the name of a receiver', () => {
  let service: Service;
  let org: Organisation;
  let dns: AsyncDisposable;

  beforeAll(async () => {
    dns = await startDns({
      'inner.example.com': ['127.0.0.1'],
      'inner6.example.com': ['fd00:ec2::254'],
      'azure.example.com': ['168.63.129.16'],
      'mixed.example.com': ['192.0.2.1', '8.8.8.8'],
      'nobody.example.com': [],
    });
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await dns[Symbol.asyncDispose]();
  });

  it('may not stand for an address that is not public, not even beside one that is', async () => {
    for (const name of ['inner', 'inner6', 'azure', 'mixed']) {
      const id = await sendTestEvent(org, `https://${name}.example.com/`);
      expect({ name, ...(await endOf(service, id)) }).toEqual({
        name,
        state: 'failed',
        reason: 'the host is not on the public internet',
      });
    }
  });

  it('that has no address is asked for again later', async () => {
    const id = await sendTestEvent(org, 'https://nobody.example.com/');
    expect(await endOf(service, id)).toEqual({
      state: 'waiting',
      reason: expect.stringMatching(/nobody\.example\.com/),
    });
  });

  it('that no server resolves holds up neither the request nor other look-ups', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1)
      ids.push(await sendTestEvent(org, `https://mute${n}.example.com/`));
    // In one of the four threads that would wait for those names.
    expect(await lookup('localhost')).toMatchObject({ address: expect.any(String) });
    for (const [n, id] of ids.entries()) {
      expect(await endOf(service, id)).toEqual({
        state: 'waiting',
        reason: `no DNS server responds for mute${n}.example.com`,
      });
    }
  });
});
