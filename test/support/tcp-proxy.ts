import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between the service and its database, so that a test can take the database away. */
export interface TcpProxy {
  /** The URL of the database as it is reached through the proxy. */
  url(databaseUrl: string): string;
  /** Ends every connection, and each new one as soon as it is made. */
  cut(): void;
  /** Keeps connections open, and accepts new ones, but lets nothing through. */
  silence(): void;
  /** Lets new connections through. Those that have missed something end. */
  heal(): void;
  close(): Promise<void>;
}

function portOf(databaseUrl: URL): number {
  return databaseUrl.port === '' ? 5432 : Number(databaseUrl.port);
}

export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const open = new Set<Socket>();
  let mode: 'open' | 'cut' | 'silent' = 'open';

  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };
  const pass = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (mode === 'open') to.write(chunk);
    });
    from.on('close', () => to.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(portOf(target), target.hostname);
    keep(upstream);
    pass(client, upstream);
    pass(upstream, client);
  });
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.hostname = '127.0.0.1';
      url.port = String((server.address() as AddressInfo).port);
      return url.toString();
    },
    cut: () => {
      mode = 'cut';
      endAll();
    },
    silence: () => {
      mode = 'silent';
    },
    heal: () => {
      if (mode === 'silent') endAll();
      mode = 'open';
    },
    close: () => {
      endAll();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
