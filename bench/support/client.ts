import { Agent, request } from 'node:http';

export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Who calls. */
  key: string;
  /** Sent as JSON. */
  body?: unknown;
}

export interface HttpResponse {
  status: number;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  text: string;
  /** From the moment the request was sent until its response was complete. */
  milliseconds: number;
}

/** Sends requests over connections that stay open. */
export class Client {
  private readonly agent: Agent;

  /** @param connections at most; 1 sends one request after the other */
  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws when no response has come within 10 s */
  send({ method, path, key, body }: Call): Promise<HttpResponse> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${key}`,
      ...(content === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
    };
    return new Promise((resolve, reject) => {
      const start = performance.now();
      const options = { method, headers, agent: this.agent, timeout: 10_000 };
      const sent = request(this.url + path, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const milliseconds = performance.now() - start;
          const { statusCode: status = 0, rawHeaders } = response;
          resolve({ status, rawHeaders, text, milliseconds });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('no response within 10 s')));
      sent.on('error', reject);
      sent.end(content);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
