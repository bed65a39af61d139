import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './errors.js';
import { admit } from './guard.js';
import type { Keyfence } from './keyfence.js';

export { principalOf } from './guard.js';

type Request = IncomingMessage & { ip?: string };

/**
 * Middleware that lets a request continue if it has a valid key with all of these permissions.
 * Otherwise it responds with 400, 401, 403 or 503. Put it after the middleware that reads bodies:
 * otherwise the sender of a body would choose how long after a revocation the request is still
 * processed. The address of the client is Express' `request.ip`: set `trust proxy` if there is a proxy
 * in front.
 */
export const requireKey =
  (keyfence: Keyfence, ...permissions: string[]) =>
  async (
    request: Request,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    try {
      await admit(keyfence, request, request.ip ?? request.socket.remoteAddress, permissions);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        next(error);
        return;
      }
      response.writeHead(error.status, error.headers).end(error.body);
      return;
    }
    next();
  };
