import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './errors.js';
import { admit, principalOf } from './guard.js';
import type { Keyfence, Principal } from './keyfence.js';

/** What the MCP SDK hands to whoever serves a request, as it calls it. */
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

/**
 * Protects an endpoint for the Streamable HTTP transport of the Model Context Protocol: each of its
 * requests needs a good key, those of an open session as well.
 *
 * @param handler as `toNodeHandler(createMcpHandler(…))` of the SDK makes it
 * @returns a handler for `node:http` and Express
 */
export const protectMcp =
  (keyfence: Keyfence, handler: Handler): Handler =>
  async (request, response, body) => {
    try {
      await admit(keyfence, request, request.ip ?? request.socket.remoteAddress, []);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, error.headers).end(error.body);
      return;
    }
    request.auth = authInfo(principalOf(request));
    await handler(request, response, body);
  };

/** Whose key a request came with, in what the SDK builds a server for. @throws TypeError when nothing protects it */
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
