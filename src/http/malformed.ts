import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem, type ProblemCode } from '../common/errors.js';
import { problemDocument } from './to-problem.js';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Of each connection the last request, and those before it that are not answered yet. */
const exchanges = new WeakMap<Socket, Exchange[]>();

/** Milliseconds until a connection is gone whose client neither reads the refusal nor closes it. */
const lingering = 1_000;

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Notes what is under way on each connection. */
export function watchExchanges(server: Server): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const unanswered = (exchanges.get(socket) ?? []).filter((each) => !each.response.closed);
    exchanges.set(socket, [...unanswered, { request, response }]);
  });
}

/** Node's error, with the bytes that it stumbled over. */
type ParseError = Error & { code?: string; rawPacket?: unknown };

/**
 * Whether it was a HEAD, whose answer has no body (RFC 9110, section 9.3.2), as far as can be seen:
 * what does not fit into one packet, or comes behind another request, hides it.
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
 * Answers what Node could not parse as HTTP or did not receive in time, where there is no request
 * that could be answered. What came before it on the same connection is answered first: its client
 * would take the refusal for the answer to a change that is made.
 */
export function answerMalformed(error: ParseError, socket: Socket): void {
  const problem = new Problem(codes[error.code ?? ''] ?? 'invalid_request');
  const earlier = [...(exchanges.get(socket) ?? [])];
  if (earlier.at(-1)?.request.complete === false) {
    const isAnswered = earlier.pop()?.response.headersSent;
    // A second answer to it would be taken for the answer to another request.
    if (isAnswered) {
      socket.destroy();
      return;
    }
  }
  const before = earlier.at(-1)?.response;
  const answer = () => {
    refuse(socket, problem, isHead(error));
  };
  if (before === undefined || before.closed) answer();
  else before.once('close', answer);
}
