import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { KeyfenceError, Unavailable, type Problem } from './errors.js';

export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Instead of the key of the client. */
  key?: string;
  headers?: Record<string, string>;
  /** Whether it may be sent twice. */
  isSafe?: boolean;
  /** How long it may take, tries included, in milliseconds. */
  timeoutMs?: number;
}

function pathOf({ path, query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** What an answer says. @throws Unavailable when it is none of Keyfence's */
async function contentOf(response: IncomingMessage): Promise<unknown> {
  const type = response.headers['content-type'] ?? '';
  const content = await text(response).catch((cause: unknown) => {
    throw new Unavailable('the answer of Keyfence broke off', { cause });
  });
  if (!/^application\/(problem\+)?json/.test(type)) {
    throw new Unavailable(`Keyfence answered ${response.statusCode ?? 0} without JSON`);
  }
  try {
    return JSON.parse(content) as unknown;
  } catch (cause) {
    throw new Unavailable('Keyfence answered with broken JSON', { cause });
  }
}

/** Sends calls over connections that are kept open. */
export class Transport {
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly send: typeof httpRequest;
  private readonly base: string;

  /**
   * @param base where Keyfence is
   * @param key what calls are authenticated with
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

  /** @throws KeyfenceError what Keyfence refused, Unavailable when there is no answer of it in time */
  async call<T>(call: Call): Promise<T> {
    const signal = AbortSignal.timeout(call.timeoutMs ?? 10_000);
    const response = await this.attempt(call, signal).catch((cause: unknown) => {
      // A connection that was kept open may have ended just then.
      if (call.isSafe === true && !signal.aborted) return this.attempt(call, signal);
      throw cause;
    });
    const content = await contentOf(response);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 200 && statusCode < 300) return content as T;
    throw new KeyfenceError(content as Problem, headers['retry-after']);
  }

  private attempt(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const content = call.body === undefined ? undefined : JSON.stringify(call.body);
    const url = new URL(this.base + pathOf(call));
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${call.key ?? this.key}`,
      ...(content !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      }),
      ...call.headers,
    };
    return new Promise((resolve, reject) => {
      const options = { method: call.method, headers, agent: this.agent, signal };
      this.send(url, options, resolve)
        .on('error', (cause) => {
          const what = signal.aborted
            ? 'Keyfence gave no answer in time'
            : 'Keyfence cannot be reached';
          reject(new Unavailable(what, { cause }));
        })
        .end(content);
    });
  }

  /** Ends the connections that are kept open. */
  close(): void {
    this.agent.destroy();
  }
}
