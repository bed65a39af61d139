import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { promisify } from 'node:util';

/** What a receiver does when it has been sent something. */
export type Oddity = (socket: Socket) => void;

/** Sends this again and again, as fast as it is taken. */
const floods =
  (text: string, begin = ''): Oddity =>
  (socket) => {
    const chunk = text.repeat(Math.ceil(16_384 / text.length));
    const go = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.write(begin);
    socket.on('drain', go);
    go();
  };

/** Sends this every now and then: there is always something to wait for. */
const trickles =
  (text: string, begin = ''): Oddity =>
  (socket) => {
    socket.write(begin);
    const timer = setInterval(() => socket.write(text), 500);
    socket.on('close', () => {
      clearInterval(timer);
    });
  };

const tooMuch = 'the receiver sent too much before a response';
const tooLate = 'no response within 10 seconds';

/** Ways to end a request, or not to, with what becomes of the delivery. */
export const oddities: Readonly<Record<string, { act: Oddity; reason: string | RegExp | null }>> = {
  'switches protocols': {
    act: (socket) =>
      socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    reason: 'the receiver responded with 101',
  },
  'switches protocols without saying to which': {
    act: (socket) => socket.write('HTTP/1.1 101 Switching\r\n\r\n'),
    reason: 'the receiver responded with 101',
  },
  'floods us with interim responses': { act: floods('HTTP/1.1 102 -\r\n\r\n'), reason: tooMuch },
  'goes on with interim responses': { act: trickles('HTTP/1.1 100 -\r\n\r\n'), reason: tooLate },
  'floods us with blank lines': { act: floods('\r\n'), reason: /too much|Parse Error/ },
  'floods us with a header': { act: floods('y', 'HTTP/1.1 200 OK\r\nx: '), reason: /overflow/i },
  'goes on with headers': { act: trickles('x: y\r\n', 'HTTP/1.1 200 OK\r\n'), reason: tooLate },
  'goes on with a body': {
    act: trickles('1\r\nx\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
    reason: null,
  },
  'floods us with a body': { act: floods('x', 'HTTP/1.1 200 OK\r\n\r\n'), reason: null },
  'speaks another protocol': {
    act: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
    reason: /Parse Error/,
  },
  'ends in the middle of a response': {
    act: (socket) => socket.end('HTTP/1.1 20'),
    reason: /socket hang up|Parse Error/,
  },
  'ends without a response': { act: (socket) => socket.end(), reason: 'socket hang up' },
  'drops the connection': { act: (socket) => socket.destroy(), reason: /hang up|ECONNRESET/ },
  'says nothing': { act: () => undefined, reason: tooLate },
};

/** A certificate that nobody trusts. */
async function selfSigned(): Promise<TlsOptions> {
  const folder = await mkdtemp(join(tmpdir(), 'keyfence-tls-'));
  try {
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const args = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1'.split(' ');
    await promisify(execFile)('openssl', [...args, '-keyout', keyFile, '-out', certFile]);
    return { key: await readFile(keyFile), cert: await readFile(certFile) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether this process believes whatever certificate it is shown; it is read at each connection. */
export function believeCertificates(any: boolean): void {
  if (any) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  else delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
}

/** Receivers on ports of their own. */
export class OddReceivers implements AsyncDisposable {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly tls: TlsOptions | undefined) {}

  static async start(protocol: 'http' | 'https'): Promise<OddReceivers> {
    return new OddReceivers(protocol === 'https' ? await selfSigned() : undefined);
  }

  /** @returns the URL of one that does this when it has got something */
  async listen(act: Oddity): Promise<string> {
    const take = (socket: Socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        act(socket);
      });
    };
    const { tls } = this;
    const server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${await this.open(server)}/`;
  }

  /** @returns the URL of one that does this as soon as somebody connects, instead of speaking TLS */
  async listenWithoutTls(act: Oddity): Promise<string> {
    const server = createServer((socket) => {
      // Else it would never know that we have left.
      socket.resume();
      act(socket);
    });
    return `https://127.0.0.1:${await this.open(server)}/`;
  }

  private async open(server: Server): Promise<number> {
    this.servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Waits until nobody is connected any more. */
  async untilLeft(): Promise<void> {
    while (this.sockets.size > 0) await delay(20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) server.close();
    const open = this.servers.filter((server) => server.listening);
    await Promise.all(open.map((server) => once(server, 'close')));
  }
}
