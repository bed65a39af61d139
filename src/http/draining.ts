import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * When the service stops, closes every connection as soon as it carries no request. Node alone would
 * wait for connections that clients opened in advance, without an end, and for idle ones until they
 * time out.
 */
export function drainConnections(fastify: FastifyInstance): void {
  const requests = new Map<Socket, number>();
  let isClosing = false;
  const count = (socket: Socket, change: number) => {
    const running = (requests.get(socket) ?? 0) + change;
    requests.set(socket, running);
    if (isClosing && running === 0) socket.end();
  };
  fastify.server.on('connection', (socket: Socket) => {
    count(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  fastify.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once('close', () => {
      if (requests.has(socket)) count(socket, -1);
    });
  });
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    for (const [socket, running] of requests) {
      if (running === 0) socket.destroy();
    }
    done();
  });
}
