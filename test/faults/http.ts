import { Agent, request as send, type IncomingHttpHeaders } from 'node:http';
import type { Method } from '../support/client.js';

export interface NodeResponse {
  status: number;
  headers: IncomingHttpHeaders;
  // The callers say what they expect of a body; a type would only repeat it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export interface Request {
  method: Method;
  path: string;
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The driver stopped waiting: nothing that the nemesis does takes so long. */
export class Hung extends Error {}

const limit = 90_000;

function parse(chunks: Buffer[], headers: IncomingHttpHeaders): unknown {
  if (chunks.length === 0 || !/[/+]json\b/.test(headers['content-type'] ?? '')) return undefined;
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Speaks HTTP to one node over connections that stay open; cheaper than `fetch`. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly url: () => string) {}

  /** @throws Hung, or the error of a connection that broke */
  request({ method, path, key, body, headers }: Request): Promise<NodeResponse> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = send(this.url() + path, {
        method,
        agent: this.agent,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...headers,
        },
      });
      outgoing.setTimeout(limit, () => outgoing.destroy(new Hung()));
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: received } = response;
          resolve({ status: statusCode, headers: received, body: parse(chunks, received) });
        });
      });
      outgoing.end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
