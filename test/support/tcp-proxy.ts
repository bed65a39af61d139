import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

function portOf(databaseUrl: URL): number {
  return databaseUrl.port === '' ? 5432 : Number(databaseUrl.port);
}

/** Stands between the service and its database, so that a test can take the database away. */
export class TcpProxy {
  private readonly open = new Set<Socket>();
  private readonly server: Server;
  private mode: 'open' | 'cut' | 'silent' = 'open';
  private delayMs = 0;

  private port = 0;

  private constructor(target: URL) {
    this.server = createServer((client) => {
      this.keep(client);
      if (this.mode === 'cut') {
        client.destroy();
        return;
      }
      const upstream = this.keep(connect(portOf(target), target.hostname));
      this.pass(client, upstream);
      this.pass(upstream, client);
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

  private pass(from: Socket, to: Socket): void {
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
    from.on('data', (chunk) => {
      if (this.mode !== 'open') return;
      if (this.delayMs === 0 && late.length === 0) {
        to.write(chunk);
        return;
      }
      late.push({ chunk, due: performance.now() + this.delayMs });
      if (late.length === 1) deliver();
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
