import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { DeliveryError } from '../notifications/deliveries.js';
import { NotPublicError, publicLookup } from './public-lookup.js';
import { retryAfterSeconds } from './retry-after.js';
import { isPrivateHost } from './target.js';

/** Milliseconds that a receiver may take. */
const timeoutMs = 10_000;

/** The largest head of a response in bytes, including interim responses and blank lines. */
const maxHeadBytes = 64 * 1024;

/** The parts of a response that are used. */
interface ResponseHead {
  status: number;
  retryAfter: string | undefined;
}

/** A receiver that sends without end must not keep this process busy until its time is over. */
function limitHead(socket: Socket, fail: (error: Error) => void): void {
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxHeadBytes)
      fail(new DeliveryError('the receiver sent too much before a response'));
  });
}

/**
 * Sends a request over a connection of its own. The first event settles it and closes the connection: a
 * response, an error, the end of the connection, too many bytes, the deadline, or the signal.
 */
function exchange(
  url: URL,
  options: RequestOptions,
  body: string,
  signal: AbortSignal,
): Promise<ResponseHead> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      request.destroy();
    };
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const take = ({ statusCode = 0, headers }: IncomingMessage) => {
      end();
      resolve({ status: statusCode, retryAfter: headers['retry-after'] });
    };
    const stop = () => {
      fail(new DeliveryError('the receiver had not responded yet when this process stopped'));
    };
    // A timer, not a signal of the request: a signal has no effect once Node has released the request.
    const timer = setTimeout(() => {
      fail(new DeliveryError(`no response within ${timeoutMs / 1_000} seconds`));
    }, timeoutMs);
    signal.addEventListener('abort', stop);
    request.on('response', take);
    // 101: without a listener Node drops the connection, and there is no further event.
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      take(response);
    });
    request.on('socket', (socket) => {
      limitHead(socket, fail);
    });
    request.on('error', fail);
    request.on('close', () => {
      fail(new DeliveryError('the connection ended without a response'));
    });
    if (signal.aborted) stop();
    else request.end(body);
  });
}

/** Says why there was no response. */
function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  // If none of several addresses could be reached, the message is empty.
  return new DeliveryError(message || (code ?? 'failed'), error instanceof NotPublicError);
}

/** Sends webhooks: only to addresses that are public at that moment. */
export class WebhookClient {
  constructor(private readonly allowPrivate: boolean) {}

  /**
   * Sends JSON. Redirects are not followed, and only the head of the response is read.
   *
   * @param signal ends it early
   * @throws DeliveryError unless the response is one of success; final for 410, by which a receiver
   *   says that it wants no more (Standard Webhooks), and for a target that is not allowed
   */
  async post(
    url: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { status, retryAfter } = await this.send(new URL(url), headers, body, signal).catch(
      (error: unknown) => {
        throw asDeliveryError(error);
      },
    );
    if (status >= 200 && status < 300) return;
    const putsOff = status === 429 || status === 503;
    const seconds = putsOff ? retryAfterSeconds(retryAfter, new Date()) : 0;
    throw new DeliveryError(`the receiver responded with ${status}`, status === 410, seconds);
  }

  private async send(
    url: URL,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<ResponseHead> {
    // A host that is an IP address is not looked up.
    if (!this.allowPrivate && isPrivateHost(url.hostname)) throw new NotPublicError();
    const options: RequestOptions = {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Keyfence',
        ...headers,
      },
      agent: false,
      ...(!this.allowPrivate && { lookup: publicLookup }),
    };
    return exchange(url, options, body, signal);
  }
}
