import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './errors.js';
import { admit, keyIn, principalOf } from './guard.js';
import type { Keyfence, Principal } from './keyfence.js';

/** What the MCP SDK passes to the handler of a request, with its names. */
interface AuthInfo {
  token: string;
  clientId: string;
  scopes: string[];
  expiresAt?: number;
  extra: { principal: Principal };
}

type Request = IncomingMessage & { auth?: AuthInfo; ip?: string };
type Handler = (request: Request, response: ServerResponse, body?: unknown) => Promise<void>;

function authInfo(principal: Principal): AuthInfo {
  const { keyId, permissions, expiresAt } = principal;
  return {
    // The secret goes no further than this.
    token: '',
    clientId: keyId,
    scopes: permissions,
    ...(expiresAt !== null && { expiresAt: Math.floor(Date.parse(expiresAt) / 1_000) }),
    extra: { principal },
  };
}

/** The largest message in bytes: the limit of the SDK. */
const maxLength = 4 * 1024 * 1024;

/** A message that cannot be passed on, with the error that the SDK would return. */
class BadMessage extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws BadMessage when it is too long, Error when the connection breaks */
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection is still needed for the response.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxLength) throw new BadMessage(413, -32_000, 'Payload Too Large');
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    throw new BadMessage(400, -32_700, 'Parse error: Invalid JSON');
  }
}

/** The message of a request that has a valid key. @throws Refusal, BadMessage */
async function admitMessage(
  keyfence: Keyfence,
  request: Request,
  parsed: unknown,
): Promise<unknown> {
  // Nothing is read from clients that send no key.
  keyIn(request);
  // Express passes its `next` here.
  const isParsed = parsed !== undefined && typeof parsed !== 'function';
  const text = isParsed ? '' : await textOf(request);
  await admit(keyfence, request, request.ip ?? request.socket.remoteAddress, []);
  return isParsed ? parsed : parse(text);
}

function refuse(response: ServerResponse, error: Refusal | BadMessage): void {
  if (error instanceof Refusal) {
    response.writeHead(error.status, error.headers).end(error.body);
    return;
  }
  const { status, code, message } = error;
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}

/**
 * Protects an endpoint for the Streamable HTTP transport of the Model Context Protocol. Each request
 * needs a valid key, also within an open session. Keyfence is asked once the whole message has arrived:
 * otherwise its sender would choose how long after a revocation it is still processed.
 *
 * @param handler as `toNodeHandler(createMcpHandler(…))` of the SDK makes it
 * @returns a handler for `node:http` and Express, which also takes a message that is already parsed
 */
export const protectMcp =
  (keyfence: Keyfence, handler: Handler): Handler =>
  async (request, response, parsed) => {
    let message: unknown;
    try {
      message = await admitMessage(keyfence, request, parsed);
    } catch (error) {
      if (error instanceof Refusal || error instanceof BadMessage) refuse(response, error);
      // A client that breaks the connection gets no response.
      else if (request.complete) throw error;
      return;
    }
    request.auth = authInfo(principalOf(request));
    await handler(request, response, message);
  };

/**
 * The principal of a request, where the SDK builds a server for it. @throws TypeError when nothing
 * protects it
 */
export function principalIn({ authInfo: info }: { authInfo?: { extra?: unknown } }): Principal {
  const { principal } = (info?.extra ?? {}) as Partial<AuthInfo['extra']>;
  if (principal === undefined) throw new TypeError('no key was verified for this request');
  return principal;
}

/**
 * Hides a tool from keys that lack a permission: it is neither listed nor called.
 *
 * @param tool as `registerTool` of the SDK returns it
 */
export function requires<T extends { remove(): void }>(
  principal: Principal,
  permission: string,
  tool: T,
): T {
  if (!principal.permissions.includes(permission)) tool.remove();
  return tool;
}
