import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { Settings } from '../../src/config/settings.js';
import { eventually } from './eventually.js';

/**
 * What the server does with mail: takes it, refuses each sender for now, says nothing at all, or ends
 * the connection when it has all of the mail.
 */
type Mood = 'takes' | 'refuses' | 'hangs' | 'drops';

/** A mail that has arrived. */
export interface Arrived extends Email {
  /** Of the envelope. */
  recipient: string;
  raw: string;
}

/** An SMTP server of the test's own. */
export interface Smtp extends AsyncDisposable {
  settings: Partial<Settings>;
  /** The same for a process. */
  environment: Record<string, string>;
  mood: Mood;
  /** An address that it knows nobody of. */
  stranger: string | undefined;
  /** Everything it has taken, in order, but invitations: each person who is added gets one. */
  arrived: Arrived[];
  invitations: Arrived[];
  /** Connections so far. */
  connections: number;
  /** Mail for this address. */
  for(address: string): Arrived[];
  /** Waits until so many have arrived for this address. */
  until(address: string, count: number, timeoutMs?: number): Promise<Arrived[]>;
  close(): Promise<void>;
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function createServer(smtp: Smtp, sockets: Set<Socket>): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 0,
    onConnect: (_session, callback) => {
      smtp.connections += 1;
      if (smtp.mood !== 'hangs') callback();
    },
    onMailFrom: (_address, _session, callback) => {
      callback(smtp.mood === 'refuses' ? refusal(451, 'not now') : undefined);
    },
    onRcptTo: ({ address }, _session, callback) => {
      callback(address === smtp.stranger ? refusal(550, 'nobody here') : undefined);
    },
    onData: (stream, { envelope }, callback) => {
      const take = async () => {
        const content = await read(stream);
        if (smtp.mood === 'drops') {
          for (const socket of sockets) socket.destroy();
          return;
        }
        const recipient = envelope.rcptTo[0]?.address ?? '';
        const email = await PostalMime.parse(content);
        const isInvitation = email.subject?.startsWith('You were added to') === true;
        const taken = isInvitation ? smtp.invitations : smtp.arrived;
        taken.push({ ...email, recipient, raw: content.toString() });
        callback();
      };
      // Clients can be killed in the middle.
      take().catch(callback);
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return server;
}

export async function startSmtp(): Promise<Smtp> {
  const sockets = new Set<Socket>();
  const sender = 'Keyfence <keys@keyfence.example>';
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  };
  const ofRecipient = (address: string) =>
    smtp.arrived.filter(({ recipient }) => recipient === address);
  const smtp: Smtp = {
    settings: {},
    environment: {},
    mood: 'takes',
    stranger: undefined,
    arrived: [],
    invitations: [],
    connections: 0,
    for: ofRecipient,
    until: (address, count, timeoutMs) =>
      eventually(() => {
        const mails = ofRecipient(address);
        return mails.length >= count && mails;
      }, timeoutMs),
    close,
    [Symbol.asyncDispose]: close,
  };
  const server = createServer(smtp, sockets);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const smtpUrl = `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  smtp.settings = { smtpUrl, mailFrom: sender };
  smtp.environment = { SMTP_URL: smtpUrl, KEYFENCE_MAIL_FROM: sender };
  return smtp;
}
