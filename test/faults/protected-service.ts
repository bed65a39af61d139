import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authenticate, authorise, Keyfence, Refusal } from '@keyfence/guard';
import type { Node } from './cluster.js';
import { Client } from './http.js';

/** A service that the guard package protects, and that asks one node. */
export class ProtectedService {
  readonly client = new Client(() => this.url);
  private keyfence: Keyfence | undefined;
  private askedAt = '';
  private readonly server = createServer(
    (request, response) => void this.respond(request, response),
  );

  /** @param key its own, with which it verifies those of others */
  constructor(
    private readonly node: Node,
    private readonly key: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  close(): void {
    this.client.close();
    this.server.close();
    this.server.closeAllConnections();
    this.keyfence?.close();
  }

  /** Says what the key may do; the path names a permission that it needs, or `any`. */
  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const ip = request.socket.remoteAddress;
      const principal = await authenticate(this.guard(), request, ip);
      const permission = request.url?.slice(1) ?? '';
      authorise(principal, permission === 'any' ? [] : [permission]);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(principal));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, error.headers).end(error.body);
    }
  }

  /** A node that was started again is at another address. */
  private guard(): Keyfence {
    const { url } = this.node;
    if (this.keyfence === undefined || this.askedAt !== url) {
      this.keyfence?.close();
      this.keyfence = new Keyfence({ url, key: this.key, onError: () => undefined });
      this.askedAt = url;
    }
    return this.keyfence;
  }
}
