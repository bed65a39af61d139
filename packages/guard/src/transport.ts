import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { KeyfenceError, Unavailable, type Problem } from './errors.js';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Used instead of the key of the client. */
  key?: string;
  headers?: Record<string, string>;
  /** Whether the call may be sent twice. */
  isSafe?: boolean;
  /**
   * Whether Keyfence returns the nonce of the request, so that no other response is taken for its own.
   */
  isTied?: boolean;
  /** The time limit in milliseconds, retries included. */
  timeoutMs?: number;
}

function pathOf({ path, query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** The content of a response. @throws Unavailable when it is not one of Keyfence */
async function contentOf(response: IncomingMessage): Promise<unknown> {
  const type = response.headers['content-type'] ?? '';
  const content = await text(response).catch((cause: unknown) => {
    throw new Unavailable('the response of Keyfence broke off', { cause });
  });
  if (!/^application\/(problem\+)?json/.test(type)) {
    throw new Unavailable(`Keyfence responded with ${response.statusCode ?? 0} without JSON`);
  }
  try {
    return JSON.parse(content) as unknown;
  } catch (cause) {
    throw new Unavailable('Keyfence responded with broken JSON', { cause });
  }
}

const nonceHeader = 'x-keyfence-nonce';

/** @throws Unavailable when this is the response to another request, or that is not known */
function assertTied(nonce: string | undefined, response: IncomingMessage): void {
  if (nonce === undefined || response.headers[nonceHeader] === nonce) return;
  // Nor is it known what else will arrive on this connection.
  response.destroy();
  const { statusCode = 0 } = response;
  throw new Unavailable(
    `the response (${statusCode}) does not belong to the request: it is not from Keyfence, or Keyfence is older than 0.2.0`,
    { status: statusCode },
  );
}

/** Sends calls over connections that stay open between them. */
export class Transport {
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly send: typeof httpRequest;
  private readonly base: string;

  /**
   * @param base the URL of Keyfence
   * @param key the key that authenticates calls
   */
  constructor(
    base: URL,
    private readonly key: string,
  ) {
    if (!/^https?:$/.test(base.protocol)) throw new TypeError('Keyfence speaks http and https');
    const isPlain = base.protocol === 'http:';
    this.base = base.origin + base.pathname.replace(/\/$/, '');
    this.agent = isPlain ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
    this.send = isPlain ? httpRequest : httpsRequest;
  }

  /** @throws KeyfenceError when Keyfence refused, Unavailable when it did not respond in time */
  async call<T>(call: Call): Promise<T> {
    const signal = AbortSignal.timeout(call.timeoutMs ?? 10_000);
    // The random bytes of UUIDs are drawn in advance, many at a time.
    const nonce = call.isTied === true ? randomUUID() : undefined;
    const response = await this.attempt(call, nonce, signal).catch((cause: unknown) => {
      // A connection that was idle may have ended at that moment.
      if (call.isSafe === true && !signal.aborted) return this.attempt(call, nonce, signal);
      throw cause;
    });
    assertTied(nonce, response);
    const content = await contentOf(response);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 200 && statusCode < 300) return content as T;
    throw new KeyfenceError(content as Problem, headers['retry-after']);
  }

  private attempt(
    call: Call,
    nonce: string | undefined,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const content = call.body === undefined ? undefined : JSON.stringify(call.body);
    const url = new URL(this.base + pathOf(call));
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${call.key ?? this.key}`,
      ...(content !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      }),
      ...(nonce !== undefined && { [nonceHeader]: nonce }),
      ...call.headers,
    };
    return new Promise((resolve, reject) => {
      const options = { method: call.method, headers, agent: this.agent, signal };
      this.send(url, options, resolve)
        .on('error', (cause) => {
          const what = signal.aborted
            ? 'Keyfence did not respond in time'
            : 'Keyfence cannot be reached';
          reject(new Unavailable(what, { cause }));
        })
        .end(content);
    });
  }

  /** Closes the idle connections. */
  close(): void {
    this.agent.destroy();
  }
}
