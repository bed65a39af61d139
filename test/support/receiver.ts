import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.js';

/** A message as it has arrived. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  event: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A receiver of webhooks. */
export interface Receiver {
  url: string;
  /** The status that it responds with, or that it says nothing, or ends the connection. */
  mood: number | 'hangs' | 'drops';
  /** Headers of its responses. */
  headers: Record<string, string>;
  received: Received[];
  /** Waits until so many have arrived that are of this type. */
  until(type: string, count?: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** @throws Error unless the message is signed with this secret, as the public library sees it */
export function assertSigned({ body, headers }: Received, secret: string): void {
  new Webhook(secret).verify(body, headers);
}

export async function startReceiver(): Promise<Receiver> {
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    receiver.received.push({
      path: request.url ?? '',
      headers,
      body,
      event: JSON.parse(body) as Received['event'],
    });
    if (receiver.mood === 'drops') request.socket.destroy();
    else if (receiver.mood !== 'hangs') {
      // Where a redirect would lead.
      const sent = { location: '/redirected', ...receiver.headers };
      response.writeHead(receiver.mood, sent).end('seen\u0000 by nobody');
    }
  };
  const server = createServer((request, response) => void take(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=t0ken`,
    mood: 200,
    headers: {},
    received: [],
    until: (type, count = 1) =>
      eventually(() => {
        const ofType = receiver.received.filter(({ event }) => event.type === type);
        return ofType.length >= count && ofType;
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return receiver;
}
