import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { LRUCache } from 'lru-cache';
import { findKey } from '../auth/credentials.js';
import { BoundedCall } from '../auth/throttling/bounded-call.js';
import type { CallBounds } from '../auth/throttling/call-bounds.js';
import { sessionToken } from '../sessions/session-cookie.js';

/** The hot routes, which all keys use, have bounds of their own (see the fence). */
const isBounded = ({ url, config }: RouteOptions) =>
  url.startsWith('/v1/') && config?.hot === undefined;

/** Milliseconds by which a refusal is delayed: a client that ignores Retry-After asks at most so often. */
const heldMs = 1_000;
/** Refusals that are delayed at a time. */
const mostHeld = 1_000;

/** Credentials that were valid lately. This decides only with which others a call is counted. */
const lately = { max: 10_000, ttl: 10 * 60_000 };

/**
 * The digest of the credential in a request, valid or not. With several keys there is none: the guard
 * refuses those.
 */
function digestOf({ raw, headers }: FastifyRequest): string | undefined {
  try {
    const credential = findKey(raw.rawHeaders)?.secret ?? sessionToken(headers.cookie);
    return credential && createHash('sha256').update(credential).digest('base64');
  } catch {
    return undefined;
  }
}

/**
 * Bounds the running calls of each credential, before anything else is done for them. Strangers can
 * make up any number of credentials, so those of one address are counted together until one was valid.
 */
export function boundCalls(fastify: FastifyInstance, bounds: CallBounds): void {
  const valid = new LRUCache<string, true>(lately);
  let held = 0;

  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const digest = digestOf(request);
    const isKnown = digest !== undefined && valid.has(digest);
    const leave = await (isKnown
      ? bounds.enterCredential(digest)
      : bounds.enterStranger(request.ip));
    const call = new BoundedCall(digest);
    call.hold(leave);
    request.call = call;
    reply.raw.once('close', () => {
      call.closed();
    });
  }

  async function holdBack({ raw }: FastifyRequest): Promise<void> {
    if (held >= mostHeld) {
      raw.socket.destroy();
      return;
    }
    held += 1;
    await delay(heldMs, undefined, { ref: false });
    held -= 1;
  }

  async function leave(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (reply.statusCode === 429) await holdBack(request);
    const { call, caller, session } = request;
    const isValid = caller !== undefined || session !== undefined;
    if (isValid && call?.digest !== undefined) valid.set(call.digest, true);
    call?.responded();
  }

  fastify.addHook('onRoute', (route) => {
    if (!isBounded(route)) return;
    route.onRequest = [route.onRequest ?? [], enter].flat();
    route.onSend = [route.onSend ?? [], leave].flat();
  });
}
