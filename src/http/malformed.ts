import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem, type ProblemCode } from '../common/errors.js';
import { problemDocument } from './to-problem.js';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** For each connection the last request, and those before it without a response so far. */
const exchanges = new WeakMap<Socket, Exchange[]>();

/** Milliseconds until a connection is destroyed whose client neither reads the refusal nor closes it. */
const lingering = 1_000;

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Tracks the running exchanges of each connection. */
export function watchExchanges(server: Server): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const open = exchanges.get(socket)?.filter((each) => !each.response.closed) ?? [];
    open.push({ request, response });
    exchanges.set(socket, open);
  });
}

/** Node's error, with the bytes that it failed on. */
type ParseError = Error & { code?: string; rawPacket?: unknown };

/**
 * Whether it was a HEAD, whose response has no body (RFC 9110, section 9.3.2). This cannot be seen if
 * the request does not fit into one packet, or follows another one.
 */
function isHead({ rawPacket }: ParseError): boolean {
  return Buffer.isBuffer(rawPacket) && rawPacket.toString('latin1', 0, 5) === 'HEAD ';
}

function refuse(socket: Socket, problem: Problem, withoutBody: boolean): void {
  if (socket.writableEnded) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemDocument(problem));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${withoutBody ? '' : body}`,
  );
  setTimeout(() => socket.destroy(), lingering).unref();
}

/**
 * Responds to what Node could not parse as HTTP or did not receive in time, if there is no request
 * object to respond to. Earlier requests on the same connection get their responses first: otherwise a
 * client would take the refusal for the response to a change that is made.
 */
export function respondToMalformed(error: ParseError, socket: Socket): void {
  const problem = new Problem(codes[error.code ?? ''] ?? 'invalid_request');
  const earlier = [...(exchanges.get(socket) ?? [])];
  if (earlier.at(-1)?.request.complete === false) {
    const hasResponse = earlier.pop()?.response.headersSent;
    // A second response to it would be taken for the response to another request.
    if (hasResponse) {
      socket.destroy();
      return;
    }
  }
  const before = earlier.at(-1)?.response;
  const respond = () => {
    refuse(socket, problem, isHead(error));
  };
  if (before === undefined || before.closed) respond();
  else before.once('close', respond);
}
