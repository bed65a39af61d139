import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * When the service stops, closes every connection as soon as it carries no request. Node alone would
 * wait for connections that clients opened in advance, without an end, and for idle ones until they
 * time out.
 */
export function drainConnections(fastify: FastifyInstance): void {
  const sockets = new Map<Socket, Set<ServerResponse>>();
  let isClosing = false;
  const endIfIdle = (socket: Socket) => {
    if (openResponses(sockets.get(socket)) === 0) socket.end();
  };
  fastify.server.on('connection', (socket: Socket) => {
    sockets.set(socket, new Set());
    socket.once('close', () => sockets.delete(socket));
  });
  fastify.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const responses = sockets.get(socket);
    if (responses === undefined) return;
    openResponses(responses);
    responses.add(response);
    if (!isClosing) return;
    response.once('close', () => {
      endIfIdle(socket);
    });
  });
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    for (const [socket, responses] of sockets) {
      if (openResponses(responses) === 0) socket.destroy();
      for (const response of responses) {
        response.once('close', () => {
          endIfIdle(socket);
        });
      }
    }
    done();
  });
}

/** Forgets the responses that have ended: a listener for the end of each would cost every request. */
function openResponses(responses: Set<ServerResponse> = new Set()): number {
  for (const response of responses) if (response.closed) responses.delete(response);
  return responses.size;
}
