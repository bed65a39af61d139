import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Keyfence, Unavailable } from '@keyfence/guard';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';

/** A proxy between a protected service and Keyfence, which responds once too often. */
class Middlebox {
  repeats = false;
  connections = 0;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    target: URL,
  ) {
    server.on('connection', (client) => {
      this.connections += 1;
      const upstream = connect(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        this.open.add(socket);
        socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
      }
      client.on('close', () => upstream.destroy());
      let response: Buffer | undefined;
      client.on('data', (chunk) => {
        if (this.repeats && response !== undefined) client.write(response);
        upstream.write(chunk);
      });
      upstream.on('data', (chunk) => {
        response = chunk;
        client.write(chunk);
      });
    });
  }

  static async start(target: string): Promise<Middlebox> {
    const middlebox = new Middlebox(createServer(), new URL(target));
    await once(middlebox.server.listen(0, '127.0.0.1'), 'listening');
    return middlebox;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }
}

describe('a response that comes once too often', () => {
  let service: Service;
  let org: Organisation;
  let middlebox: Middlebox;
  let keyfence: Keyfence;
  let valid: { id: string; secret: string };
  let revoked: { id: string; secret: string };

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    valid = await createKey(org.member, org);
    revoked = await createKey(org.member, org);
    await org.manager.delete(org.path(`/keys/${revoked.id}`));
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    middlebox = await Middlebox.start(service.url);
    keyfence = new Keyfence({ url: middlebox.url, key: org.manager.key });
  });
  afterEach(() => {
    keyfence.close();
    middlebox.close();
  });

  it('is not taken for the response about the next key, and ends the connection', async () => {
    middlebox.repeats = true;
    expect(await keyfence.verify({ key: valid.secret })).toMatchObject({ keyId: valid.id });
    await expect(keyfence.verify({ key: revoked.secret })).rejects.toThrow(Unavailable);
    expect(middlebox.connections).toBe(1);
    expect(await keyfence.verify({ key: revoked.secret })).toMatchObject({ valid: false });
    expect(middlebox.connections).toBe(2);
  });

  it('is not taken for what whoami says of another key', async () => {
    middlebox.repeats = true;
    expect(await keyfence.whoami(valid.secret)).toMatchObject({ keyId: valid.id });
    await expect(keyfence.whoami(org.member.key)).rejects.toThrow(Unavailable);
    expect(await keyfence.whoami(org.member.key)).toMatchObject({ keyId: org.member.keyId });
  });

  it('is the only thing that is refused: a connection stays open for as many questions as come', async () => {
    for (let time = 0; time < 20; time += 1) {
      expect(await keyfence.verify({ key: valid.secret })).toMatchObject({ keyId: valid.id });
      expect(await keyfence.verify({ key: revoked.secret })).toMatchObject({ valid: false });
    }
    // A second after the first question the client looks when its own key ends, perhaps beside another one.
    expect(middlebox.connections).toBeLessThanOrEqual(2);
  });
});
