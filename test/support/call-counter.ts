import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Asked {
  path: string;
  questions: { key: string; count?: number }[];
}

/** Between a protected service and Keyfence: notes what is asked, and can hold it back or refuse it. */
export class Counter {
  asked: Asked[] = [];
  /** Passes a call on. Responses wait for it, too. */
  gate: (stage: 'before' | 'after') => Promise<void> = () => Promise.resolve();
  isOld = false;
  /** The status with which calls about many keys are refused. */
  refusal: number | undefined;
  /** Settles when Keyfence has responded to a call. */
  readonly responded: Promise<void>;
  private hasResponded: () => void = () => undefined;
  private readonly server: Server;

  constructor(private readonly target: string) {
    this.responded = new Promise((resolve) => (this.hasResponded = resolve));
    this.server = createServer((request, response) => {
      void this.respond(request, response).catch(() => response.destroy());
    });
  }

  async start(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get calls(): number[] {
    return this.asked.map(({ questions }) => questions.length);
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await json(request)) as { questions?: Asked['questions']; key?: string };
    const path = request.url ?? '';
    this.asked.push({ path, questions: body.questions ?? [{ key: body.key ?? '' }] });
    if (this.isOld && path.endsWith('/batch')) {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end('{"status":404,"code":"not_found","title":"Not found"}');
      return;
    }
    const { authorization = '', 'x-keyfence-nonce': nonce = '' } = request.headers;
    if (this.refusal !== undefined && path.endsWith('/batch')) {
      const type = 'application/problem+json';
      response.writeHead(this.refusal, { 'content-type': type, 'x-keyfence-nonce': nonce });
      response.end(`{"status":${this.refusal},"code":"refused","title":"Refused"}`);
      return;
    }
    await this.gate('before');
    const from = await fetch(this.target + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization,
        'x-keyfence-nonce': String(nonce),
      },
      body: JSON.stringify(body),
    });
    const text = await from.text();
    this.hasResponded();
    await this.gate('after');
    response.writeHead(from.status, {
      'content-type': from.headers.get('content-type') ?? '',
      'x-keyfence-nonce': from.headers.get('x-keyfence-nonce') ?? '',
    });
    response.end(text);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
