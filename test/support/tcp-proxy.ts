import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Failpoint } from './failpoint.js';

function portOf(databaseUrl: URL): number {
  return databaseUrl.port === '' ? 5432 : Number(databaseUrl.port);
}

/** A proxy between the service and its database, so that a test can take the database away. */
export class TcpProxy {
  private readonly open = new Set<Socket>();
  private readonly server: Server;
  private mode: 'open' | 'cut' | 'silent' = 'open';
  private delayMs = 0;
  private failpoints: Failpoint[] = [];

  private port = 0;

  private constructor(private target: URL) {
    this.server = createServer((client) => {
      this.keep(client);
      if (this.mode === 'cut') {
        client.destroy();
        return;
      }
      const upstream = this.keep(connect(portOf(this.target), this.target.hostname));
      let responses: Failpoint | undefined;
      this.pass(client, upstream, (chunk, goOn) => {
        const point = this.take(chunk);
        if (point?.holds === 'response') responses = point;
        if (point?.holds === 'request') point.pass(goOn);
        else goOn();
      });
      this.pass(upstream, client, (_chunk, goOn) => {
        if (responses === undefined) goOn();
        else responses.pass(goOn);
      });
    });
  }

  static async start(targetUrl: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(targetUrl));
    await proxy.listen();
    return proxy;
  }

  /** The URL of the database as it is reached through the proxy. */
  url(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.toString();
  }

  /** Leads new connections to another server; those that are open stay where they are. */
  leadTo(targetUrl: string): void {
    this.target = new URL(targetUrl);
  }

  /** Ends every connection, and each new one as soon as it is made. */
  cut(): void {
    this.mode = 'cut';
    this.endAll();
  }

  /** Ends every connection; new ones are refused, as when nobody listens. */
  async refuse(): Promise<void> {
    this.mode = 'cut';
    await this.close();
  }

  /** Keeps connections open, and accepts new ones, but lets nothing through. */
  silence(): void {
    this.mode = 'silent';
  }

  /** Lets everything through so many milliseconds later, in each direction. */
  slow(ms: number): void {
    this.delayMs = ms;
  }

  /** Holds up the next message to the server that has this text. */
  holdRequest(text: string): Failpoint {
    return this.arm(new Failpoint(text, 'request'));
  }

  /** Holds up the response of the server to the next message that has this text. */
  holdResponse(text: string): Failpoint {
    return this.arm(new Failpoint(text, 'response'));
  }

  /** Lets new connections through. Those that have missed something end. */
  async heal(): Promise<void> {
    if (this.mode === 'silent') this.endAll();
    this.mode = 'open';
    this.delayMs = 0;
    if (!this.server.listening) await this.listen();
  }

  close(): Promise<void> {
    this.endAll();
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  private keep(socket: Socket): Socket {
    this.open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.open.delete(socket));
    return socket;
  }

  private arm(point: Failpoint): Failpoint {
    this.failpoints.push(point);
    return point;
  }

  /** The failpoint that is meant for this message: each is for one. */
  private take(chunk: Buffer): Failpoint | undefined {
    const point = this.failpoints.find(({ text }) => chunk.includes(text));
    this.failpoints = this.failpoints.filter((each) => each !== point);
    return point;
  }

  private pass(from: Socket, to: Socket, gate: (chunk: Buffer, goOn: () => void) => void): void {
    const late: { chunk: Buffer; due: number }[] = [];
    const deliver = () => {
      const [first] = late;
      if (first === undefined) return;
      const rest = first.due - performance.now();
      if (rest > 0) {
        setTimeout(deliver, rest);
        return;
      }
      late.shift();
      if (this.mode === 'open' && !to.destroyed) to.write(first.chunk);
      deliver();
    };
    const send = (chunk: Buffer) => {
      if (this.mode !== 'open' || to.destroyed) return;
      if (this.delayMs === 0 && late.length === 0) {
        to.write(chunk);
        return;
      }
      late.push({ chunk, due: performance.now() + this.delayMs });
      if (late.length === 1) deliver();
    };
    from.on('data', (chunk) => {
      if (this.mode !== 'open') return;
      gate(chunk, () => {
        send(chunk);
      });
    });
    // Nor does the end of a connection reach the other side while nothing does.
    from.on('close', () => {
      if (this.mode !== 'silent') to.destroy();
    });
  }

  private endAll(): void {
    for (const socket of this.open) socket.destroy();
  }
}
