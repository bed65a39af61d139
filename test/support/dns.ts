import { createSocket } from 'node:dgram';
import { getServers, setServers } from 'node:dns';
import { once } from 'node:events';

const types = { 4: 1, 6: 28 };

/** An address as DNS carries it. */
function bytesOf(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::').map((part) => part);
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail)];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return Buffer.from(
    [...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join(''),
    'hex',
  );
}

/** The name that is asked for, what type of address, and all of the question (RFC 1035, 4.1.2). */
function questionOf(message: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = message.readUInt16BE(at + 1);
  return { name: labels.join('.').toLowerCase(), type, question: message.subarray(12, at + 5) };
}

function responseTo(message: Buffer, addresses: readonly string[]): Buffer {
  const { type, question } = questionOf(message);
  const records = addresses
    .filter((address) => types[address.includes(':') ? 6 : 4] === type)
    .map((address) => {
      const data = bytesOf(address);
      const head = Buffer.alloc(12);
      // The name of the question; its type; class IN; no time to live.
      head.writeUInt16BE(0xc00c, 0);
      head.writeUInt16BE(type, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt16BE(data.length, 10);
      return Buffer.concat([head, data]);
    });
  const header = Buffer.alloc(12);
  message.copy(header, 0, 0, 2);
  // A response, with recursion.
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

/**
 * Lets this process ask a DNS server of the test's own.
 *
 * @param addresses of each name; it says nothing at all of a name that has none here
 */
export async function startDns(
  addresses: Readonly<Record<string, readonly string[]>>,
): Promise<AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const known = addresses[questionOf(message).name];
    if (known !== undefined) socket.send(responseTo(message, known), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const before = getServers();
  setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    [Symbol.asyncDispose]: async () => {
      setServers(before);
      socket.close();
      await once(socket, 'close');
    },
  };
}
