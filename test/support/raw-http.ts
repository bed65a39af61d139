import { connect, type Socket } from 'node:net';
import { assertDocumented, assertDocumentedProblem, documentOf } from './contract.js';

/** A response as it came over the wire. */
export interface RawResponse {
  status: number;
  /** Names in lower case, in the order in which they came. */
  headers: [name: string, value: string][];
  // The tests say what they expect of a body; a type would only repeat it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  text: string;
}

/** What `fetch` cannot send: header names that repeat, odd methods, a path that is not a URL. */
export interface RawRequest {
  method?: string;
  path: string;
  /** Names and values in pairs, as they are to be on the wire. */
  headers?: [name: string, value: string][];
  body?: string | Buffer;
}

export function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

function parse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  // Only an interim response: the one that counts follows.
  if (text.startsWith('HTTP/1.1 100')) return parse(text.slice(end + 4));
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = text.slice(end + 4);
  const isJson = headers.some(([name, value]) => name === 'content-type' && value.includes('json'));
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: isJson && body !== '' ? JSON.parse(body) : undefined,
    text,
  };
}

/** All responses that came over one connection, none of them in chunks. */
function parseAll(received: string): RawResponse[] {
  const text = received.replace(/^HTTP\/1\.1 100.*\r\n\r\n/, '');
  if (text === '') return [];
  const head = text.slice(0, text.indexOf('\r\n\r\n') + 4);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  // Lengths count bytes, of which a character can have several.
  const rest = Buffer.from(text.slice(head.length));
  const body = rest.subarray(0, length).toString();
  return [parse(head + body), ...parseAll(rest.subarray(length).toString())];
}

function received({ method = '', path }: RawRequest, { status, headers, text }: RawResponse) {
  const body = text.slice(text.lastIndexOf('\r\n\r\n') + 4);
  return { method, path, status, headers: new Headers(headers), body };
}

/** What was asked is known to the bytes alone: but every refusal has to be a documented problem. */
async function checkRefusals(url: string, responses: RawResponse[]): Promise<void> {
  const document = await documentOf(url);
  for (const response of responses.filter(({ status }) => status >= 400)) {
    assertDocumentedProblem(document, received({ path: '' }, response));
  }
}

/** Sends these bytes and reads until the service closes the connection. */
export async function sendBytes(url: string, bytes: string): Promise<RawResponse> {
  const response = parse(await exchange(await openSocket(url), bytes));
  await checkRefusals(url, [response]);
  return response;
}

/** The same for bytes that are several requests, or meant to be taken for several. */
export async function sendRequests(url: string, bytes: string): Promise<RawResponse[]> {
  const responses = parseAll(await exchange(await openSocket(url), bytes));
  await checkRefusals(url, responses);
  return responses;
}

/** Sends these bytes on an open connection, and reads until the service closes it. */
export function exchange(socket: Socket, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // What was not read of a refused request can end the connection with a reset.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString());
    });
    socket.write(bytes);
  });
}

/** Sends a request. A response that the document of the service does not promise fails. */
export async function sendRaw(
  url: string,
  { method = 'GET', path, headers = [], body = '' }: RawRequest,
): Promise<RawResponse> {
  const lines = [['Host', new URL(url).host], ['Connection', 'close'], ...headers].map(
    ([name = '', value = '']) => `${name}: ${value}\r\n`,
  );
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const bytes = typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body]);
  const document = await documentOf(url);
  const response = parse(await exchange(await openSocket(url), bytes));
  // Node itself responds to what it cannot read as HTTP: there was no request then.
  const wasRouted = valueOf(response, 'x-request-id') !== undefined;
  const assert = wasRouted ? assertDocumented : assertDocumentedProblem;
  assert(document, received({ method, path }, response));
  return response;
}

export const valueOf = ({ headers }: RawResponse, name: string): string | undefined =>
  headers.find(([each]) => each === name)?.[1];
