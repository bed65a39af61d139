import { Agent, request as open } from 'node:http';
import type { Exchange } from '../support/contract.js';
import type { Request } from './requests.js';

const timeoutMs = 10_000;

/** Sends requests over connections that stay open, as no `fetch` would: see `Request`. */
export class Sender {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly url: string) {}

  /** @throws Error when no whole response has come within ten seconds */
  send({ method, path, headers, body }: Request): Promise<Exchange> {
    // Without it, Node would send an empty body in chunks.
    const hasLength = body !== undefined || !['GET', 'HEAD'].includes(method);
    const length = hasLength ? ['Content-Length', String(Buffer.byteLength(body ?? ''))] : [];
    const lines = ['Host', new URL(this.url).host, ...headers.flat(), ...length];
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const sent = open(this.url, { method, path, headers: lines, agent: this.agent, signal });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const received = new Headers();
          for (let index = 0; index < response.rawHeaders.length; index += 2) {
            received.append(response.rawHeaders[index] ?? '', response.rawHeaders[index + 1] ?? '');
          }
          const status = response.statusCode ?? 0;
          const text = Buffer.concat(chunks).toString();
          resolve({ method, path, status, headers: received, body: text });
        });
      });
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
